import { mergeUpdates } from "yjs";
import type { Cancel, Environment } from "./environment.ts";

/** How far apart what is sent is, in milliseconds: a screen shows no more in between. */
const GAP_MS = 16;
/** More bytes than this are not merged: that takes time, and makes a frame that may be too large. */
const MERGED_BYTES = 65_536;

/** What was changed and is to be sent: at once after a rest, and else at most once a gap, merged. */
export class Outgoing {
  readonly #environment: Environment;
  readonly #send: (updates: readonly Uint8Array[], isShown: boolean) => void;
  #updates: Uint8Array[] = [];
  #isShown = false;
  #cancel: Cancel | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  /** @param send sends updates, and, if so, what is shown. */
  constructor(
    environment: Environment,
    send: (updates: readonly Uint8Array[], isShown: boolean) => void,
  ) {
    this.#environment = environment;
    this.#send = send;
  }

  /** Something was changed. */
  update(update: Uint8Array): void {
    this.#updates.push(update);
    this.#schedule();
  }

  /** Something else is shown. */
  show(): void {
    this.#isShown = true;
    this.#schedule();
  }

  /** Sends what waits. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#updates.length === 0 && !this.#isShown) return;
    const isShown = this.#isShown;
    const updates = merged(this.#updates.splice(0));
    this.#isShown = false;
    this.#sentAt = this.#environment.now();
    this.#send(updates, isShown);
  }

  /** Nothing waits any more: it is not to be sent, or is sent otherwise. */
  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#updates = [];
    this.#isShown = false;
  }

  #schedule(): void {
    if (this.#cancel !== undefined) return;
    // A wall clock may be set back.
    const restMs = Math.min(GAP_MS, this.#sentAt + GAP_MS - this.#environment.now());
    if (restMs > 0) {
      this.#cancel = this.#environment.after(restMs, () => this.flush());
      return;
    }
    let isDue = true;
    this.#cancel = () => {
      isDue = false;
    };
    // What is done in one go goes together.
    void Promise.resolve().then(() => {
      if (isDue) this.flush();
    });
  }
}

function merged(updates: Uint8Array[]): readonly Uint8Array[] {
  const bytes = updates.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return updates.length < 2 || bytes > MERGED_BYTES ? updates : [mergeUpdates(updates)];
}
