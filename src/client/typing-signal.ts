import type { Cancel, Environment } from "./environment.ts";

/** How often `typing_start` is repeated, at most: within the 5 s that readers expect it in. */
const REPEAT_MS = 4_000;
/** Typing ends by itself this long after the last keypress. */
const IDLE_MS = 5_000;

/** Turns keypresses into the few frames that tell others of them. */
export class TypingSignal {
  readonly #environment: Environment;
  readonly #send: (type: "typing_start" | "typing_end") => boolean;
  #typing: { readonly sentAt: number; readonly cancel: Cancel } | undefined;

  /** @param send hands over a frame, or says that it could not. */
  constructor(environment: Environment, send: (type: "typing_start" | "typing_end") => boolean) {
    this.#environment = environment;
    this.#send = send;
  }

  /** A key was pressed. */
  press(): void {
    const now = this.#environment.now();
    const before = this.#typing;
    const isDue = before === undefined || now - before.sentAt >= REPEAT_MS;
    if (isDue && !this.#send("typing_start")) return;
    before?.cancel();
    this.#typing = {
      sentAt: isDue ? now : before.sentAt,
      cancel: this.#environment.after(IDLE_MS, () => this.end()),
    };
  }

  /** Typing is over, and the others are told. */
  end(): void {
    if (this.#typing === undefined) return;
    this.forget();
    this.#send("typing_end");
  }

  /** Typing is over, and the others know: a message went out, or the connection broke. */
  forget(): void {
    this.#typing?.cancel();
    this.#typing = undefined;
  }
}
