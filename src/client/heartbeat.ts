import type { Cancel, Environment } from "./environment.ts";

/** How long a ping may go without any answer, in milliseconds, before the connection counts as dead. */
export const SILENCE_MS = 10_000;

type Beat =
  | { readonly state: "resting"; readonly cancel: Cancel }
  | { readonly state: "listening"; readonly cancel: Cancel; readonly sentAt: number }
  | { readonly state: "stopped" };

/**
 * Pings a connection and notices when it has died. The next ping is scheduled by whatever answers
 * the last one and not by a timer of its own: browsers slow chains of timers in hidden tabs down to
 * one a minute, which would be too late for the server.
 */
export class Heartbeat {
  readonly #environment: Environment;
  readonly #intervalMs: number;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #beat: Beat;

  /** Starts at once. `ping` sends one; `dead` is called at most once. */
  constructor(environment: Environment, intervalMs: number, ping: () => void, dead: () => void) {
    this.#environment = environment;
    this.#intervalMs = intervalMs;
    this.#ping = ping;
    this.#dead = dead;
    this.#beat = this.#rest(intervalMs);
  }

  /** Something came in, whatever it was. */
  heard(): void {
    if (this.#beat.state !== "listening") return;
    this.#beat.cancel();
    // A wall clock may be set back; that must not put off the next ping.
    const elapsedMs = Math.max(0, this.#environment.now() - this.#beat.sentAt);
    this.#beat = this.#rest(Math.max(this.#intervalMs - elapsedMs, 0));
  }

  /** Pings now, unless an answer is awaited already: for when the network may have changed. */
  probe(): void {
    if (this.#beat.state !== "resting") return;
    this.#beat.cancel();
    this.#beat = {
      state: "listening",
      sentAt: this.#environment.now(),
      cancel: this.#environment.after(SILENCE_MS, () => {
        this.#beat = { state: "stopped" };
        this.#dead();
      }),
    };
    this.#ping();
  }

  /** Ends it; neither function is called again. */
  stop(): void {
    if (this.#beat.state !== "stopped") this.#beat.cancel();
    this.#beat = { state: "stopped" };
  }

  #rest(delayMs: number): Beat {
    return { state: "resting", cancel: this.#environment.after(delayMs, () => this.probe()) };
  }
}
