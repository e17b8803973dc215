import { BOUNDS } from "../protocol/limits.ts";
import type { User } from "../protocol/message.ts";
import type { Cancel, Environment } from "./environment.ts";

/** Remembers who types, and ends it for those who never say so (P5.11: after 6 s). */
export class TypingWatch {
  readonly #environment: Environment;
  readonly #expired: (user: User) => void;
  readonly #typists = new Map<string, Cancel>();

  /** @param expired is told of those who have stopped without saying so. */
  constructor(environment: Environment, expired: (user: User) => void) {
    this.#environment = environment;
    this.#expired = expired;
  }

  /** Someone began, goes on, or has stopped. */
  saw({ userId, name, typing }: User & { readonly typing: boolean }): void {
    this.#typists.get(userId)?.();
    this.#typists.delete(userId);
    if (!typing) return;
    const cancel = this.#environment.after(BOUNDS.typingExpiresMs, () => {
      this.#typists.delete(userId);
      this.#expired({ userId, name });
    });
    this.#typists.set(userId, cancel);
  }

  /** Forgets everyone, silently. */
  stop(): void {
    for (const cancel of this.#typists.values()) cancel();
    this.#typists.clear();
  }
}
