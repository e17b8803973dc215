import type { Json } from "../protocol/json.ts";
import type { Cancel, Environment } from "./environment.ts";

/** What a player wants: as it is sent, and as the game's own code takes it, where that can be said. */
export interface Wanted {
  readonly json: Json;
  readonly input: { readonly value: unknown } | undefined;
}

/** What inputs are sent by. */
export interface InputSenderParts {
  readonly environment: Pick<Environment, "after">;
  /** Milliseconds that only go up. */
  readonly clock: () => number;
  /** Hands an input to the connection; `false` when that takes none now. */
  readonly say: (messageId: string, json: Json) => boolean;
  /** It went out. */
  readonly sent: (messageId: string, wanted: Wanted) => void;
}

/**
 * Sends what the own player wants: the newest, at most once a tick, and nothing that the server was told
 * last. What it was told on a connection that is gone, it is told again.
 */
export class InputSender {
  readonly #parts: InputSenderParts;
  #wanted: Wanted | undefined;
  /** What the server was told last on this connection, as text. */
  #told: string | undefined;
  /** How far apart, in milliseconds; `undefined` without a connection on which this user plays. */
  #periodMs: number | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  #count = 0;
  #cancel: Cancel | undefined;

  constructor(parts: InputSenderParts) {
    this.#parts = parts;
  }

  /** What is wanted by now, sent or not. */
  get wanted(): Wanted | undefined {
    return this.#wanted;
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#pump();
  }

  /** This user plays on a connection: it takes one input in so many milliseconds. */
  open(periodMs: number): void {
    this.#told = undefined;
    this.#periodMs = periodMs;
    this.#pump();
  }

  /** There is no such connection. */
  suspend(): void {
    this.#periodMs = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /**
   * The server has refused an input.
   *
   * @param retryAfterMs when it may be sent again; never, when absent.
   */
  refused(retryAfterMs: number | undefined): void {
    if (retryAfterMs === undefined) return;
    this.#told = undefined;
    this.#wait(retryAfterMs);
  }

  #pump(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#periodMs === undefined || this.#cancel !== undefined) return;
    if (JSON.stringify(wanted.json) === this.#told) return;
    const waitMs = this.#sentAt + this.#periodMs - this.#parts.clock();
    if (waitMs > 0) this.#wait(waitMs);
    else if (!this.#send(wanted)) this.#wait(this.#periodMs);
  }

  #send(wanted: Wanted): boolean {
    const { say, sent, clock } = this.#parts;
    const messageId = String(this.#count + 1);
    if (!say(messageId, wanted.json)) return false;
    this.#count += 1;
    this.#sentAt = clock();
    this.#told = JSON.stringify(wanted.json);
    sent(messageId, wanted);
    return true;
  }

  #wait(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#parts.environment.after(delayMs, () => {
      this.#cancel = undefined;
      this.#pump();
    });
  }
}
