import type { Cancel, Environment } from "./environment.ts";
import type { Channel } from "./transport.ts";

type Beat =
  | { readonly state: "resting"; readonly cancel: Cancel }
  | {
      readonly state: "listening";
      readonly cancel: Cancel;
      readonly sentAt: number;
      /** Whether the answer is to come within {@link PROBE_MS}. */
      readonly isHasty: boolean;
    }
  | { readonly state: "stopped" };

/** How a connection's heart beats. */
export interface HeartbeatOptions {
  readonly environment: Environment;
  /** From one ping to the next, in milliseconds. */
  readonly intervalMs: number;
  /** What is asked for signs of life. */
  readonly link: Pick<Channel, "traits" | "ping" | "probe">;
  /** There was no answer for so many milliseconds: called at most once. */
  readonly dead: (forMs: number) => void;
}

/** How long whoever is asked for a sign of life at once may take, in milliseconds. */
const PROBE_MS = 3_000;

/**
 * Pings a connection and notices when it has died. The next ping is scheduled by whatever answers
 * the last one and not by a timer of its own: browsers slow chains of timers in hidden tabs down to
 * one a minute, which would be too late for the server.
 */
export class Heartbeat {
  readonly #environment: Environment;
  readonly #intervalMs: number;
  readonly #link: HeartbeatOptions["link"];
  readonly #dead: (forMs: number) => void;
  #beat: Beat;

  /** Starts at once. */
  constructor({ environment, intervalMs, link, dead }: HeartbeatOptions) {
    this.#environment = environment;
    this.#intervalMs = intervalMs;
    this.#link = link;
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

  /** Is anybody there? Asked when the network may have changed, or somebody waits for an answer. */
  probe(): void {
    if (this.#beat.state === "stopped") return;
    // An answer that is awaited already is awaited no longer than that from now on.
    if (this.#beat.state === "listening" && this.#beat.isHasty) return;
    this.#listen(PROBE_MS, true);
    this.#link.probe();
  }

  /** Ends it; neither function is called again. */
  stop(): void {
    if (this.#beat.state !== "stopped") this.#beat.cancel();
    this.#beat = { state: "stopped" };
  }

  #rest(delayMs: number): Beat {
    return { state: "resting", cancel: this.#environment.after(delayMs, () => this.#beatOnce()) };
  }

  #beatOnce(): void {
    this.#listen(this.#link.traits.silenceMs, false);
    this.#link.ping();
  }

  #listen(forMs: number, isHasty: boolean): void {
    if (this.#beat.state !== "stopped") this.#beat.cancel();
    this.#beat = {
      state: "listening",
      isHasty,
      sentAt: this.#environment.now(),
      cancel: this.#environment.after(forMs, () => {
        this.#beat = { state: "stopped" };
        this.#dead(forMs);
      }),
    };
  }
}
