import type { Cancel, Environment } from "./environment.ts";

type Beat =
  | { readonly state: "resting"; readonly cancel: Cancel }
  | { readonly state: "listening"; readonly cancel: Cancel; readonly sentAt: number }
  | { readonly state: "stopped" };

/** How a connection's heart beats. */
export interface HeartbeatOptions {
  readonly environment: Environment;
  /** From one ping to the next, in milliseconds. */
  readonly intervalMs: number;
  /** How long a ping may go without any answer before the connection counts as dead. */
  readonly silenceMs: number;
  /** Sends one. */
  readonly ping: () => void;
  /** There was no answer: called at most once. */
  readonly dead: () => void;
}

/**
 * Pings a connection and notices when it has died. The next ping is scheduled by whatever answers
 * the last one and not by a timer of its own: browsers slow chains of timers in hidden tabs down to
 * one a minute, which would be too late for the server.
 */
export class Heartbeat {
  readonly #environment: Environment;
  readonly #intervalMs: number;
  readonly #silenceMs: number;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #beat: Beat;

  /** Starts at once. */
  constructor({ environment, intervalMs, silenceMs, ping, dead }: HeartbeatOptions) {
    this.#environment = environment;
    this.#intervalMs = intervalMs;
    this.#silenceMs = silenceMs;
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
      cancel: this.#environment.after(this.#silenceMs, () => {
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
