import { BOUNDS } from "../protocol/limits.ts";
import type { Accepted } from "./log.ts";

/** Remembers which messageIds were accepted lately, so that a repeat stores nothing (promise 2). */
export class DedupeWindow {
  /** In the order they were accepted, so the oldest come first. */
  readonly #accepted = new Map<string, Accepted>();

  /** @param accepted what an earlier life of the room had accepted, the oldest first. */
  constructor(accepted: Iterable<Accepted> = []) {
    for (const one of accepted) this.remember(one);
  }

  /** The `seq` of what this user's messageId stored within the window before `now`. */
  savedId(userId: string, messageId: string, now: number): number | undefined {
    const found = this.#accepted.get(key(userId, messageId));
    return found !== undefined && found.at > now - BOUNDS.dedupeWindowMs ? found.seq : undefined;
  }

  remember(accepted: Accepted): void {
    const name = key(accepted.userId, accepted.messageId);
    this.#accepted.delete(name);
    this.#accepted.set(name, accepted);
  }

  /** Takes back everything above a `seq`: what a failed transaction had accepted. */
  forgetAfter(seq: number): void {
    for (const [name, accepted] of this.#accepted) {
      if (accepted.seq > seq) this.#accepted.delete(name);
    }
  }

  /** Drops what fell out of the window. */
  expire(now: number): void {
    for (const [name, accepted] of this.#accepted) {
      if (accepted.at > now) {
        // The clock was set back. It counts as new, or it would hold up all that came after it.
        this.#accepted.set(name, { ...accepted, at: now });
      } else if (accepted.at > now - BOUNDS.dedupeWindowMs) {
        return;
      } else {
        this.#accepted.delete(name);
      }
    }
  }
}

/** A user id may hold any character, so its length keeps two pairs from meeting in one key. */
function key(userId: string, messageId: string): string {
  return `${userId.length}:${userId}${messageId}`;
}
