import type { Reconnect } from "../protocol/close-code.ts";
import { backoffMs, displacedMs, restartMs } from "./backoff.ts";
import type { Environment } from "./environment.ts";

/** The next try to reconnect. */
export interface Try {
  /** From 1, counted since the last connection that succeeded. */
  readonly attempt: number;
  /** How long to wait before it, in milliseconds. */
  readonly delayMs: number;
}

/** A connection that ends before so long, in milliseconds, is one more failure of the same row. */
const LASTING_MS = 5_000;

/** Counts the tries to reconnect, and says when the next one is due. */
export class Retries {
  readonly #environment: Environment;
  readonly #limit: number;
  #attempt = 0;
  /** Failures in a row, whoever is to blame for them: what the delay grows with. */
  #failures = 0;
  #tokensRefused = 0;
  /** When the connection succeeded that has not failed since. */
  #succeededAt: number | undefined;
  #isExcused = false;
  /** How often its place was taken since somebody last looked at it; successes do not count against that. */
  #displaced = 0;

  /** @param limit tries in a row before it gives up. */
  constructor(environment: Environment, limit: number) {
    this.#environment = environment;
    this.#limit = limit;
  }

  /** The try that is waited for or under way. */
  get attempt(): number {
    return this.#attempt;
  }

  /** The next try after a failure; `undefined` when there were enough. */
  next(how: Exclude<Reconnect, "never">): Try | undefined {
    this.#forgive();
    // Without a network a try says nothing about the server, so it is not held against it.
    const counts = this.#environment.isOnline() && !this.#isExcused;
    if (counts || this.#attempt === 0) this.#attempt += 1;
    if (!this.#isExcused || this.#failures === 0) this.#failures += 1;
    this.#isExcused = false;
    if (how === "with-token") this.#tokensRefused += 1;
    if (this.#attempt > this.#limit) return undefined;
    return { attempt: this.#attempt, delayMs: this.#delayMs(how) };
  }

  /** A connection succeeded. */
  succeeded(): void {
    this.#attempt = 0;
    this.#isExcused = false;
    this.#succeededAt = this.#environment.now();
  }

  /** A server that greets and closes must not be come back to without end at the pace of a first try. */
  #forgive(): void {
    const { now } = this.#environment;
    if (this.#succeededAt !== undefined && now() - this.#succeededAt >= LASTING_MS) {
      this.#failures = 0;
      this.#tokensRefused = 0;
    }
    this.#succeededAt = undefined;
  }

  /** The next try after another place of the same user took this one's. */
  displaced(): Try {
    this.restart();
    this.#displaced += 1;
    return { attempt: 1, delayMs: displacedMs(this.#displaced, this.#environment.random()) };
  }

  /** The try under way was not due: a page that is looked at often must not use tries up. */
  excuse(): void {
    this.#isExcused = true;
    this.#displaced = 0;
  }

  /** The network is back: the try that was waited for is the first of a new row. */
  restart(): void {
    this.#attempt = 1;
    this.#failures = 1;
  }

  #delayMs(how: Exclude<Reconnect, "never">): number {
    const random = this.#environment.random();
    // Once is a restart, and a token that simply ended. Again before any connection succeeded is not.
    if (how === "at-once" && this.#failures === 1) return restartMs(random);
    if (how === "with-token" && this.#tokensRefused === 1) return 0;
    return backoffMs(this.#failures, random);
  }
}
