/** The longest that a timer waits, in milliseconds: platforms run what is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What an {@link Expiry} needs of the world. */
export interface ExpiryPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  after(ms: number, act: () => void): () => void;
}

/** Acts when a time has come, however far off that is: a token may be good for years. */
export class Expiry {
  readonly #ports: ExpiryPorts;
  readonly #act: () => void;
  #stop: (() => void) | undefined;

  constructor(ports: ExpiryPorts, act: () => void) {
    this.#ports = ports;
    this.#act = act;
  }

  /** Acts at this time, in milliseconds since the epoch, and at none that it was set to before. */
  set(at: number): void {
    this.stop();
    const leftMs = Math.max(0, at - this.#ports.now());
    this.#stop = this.#ports.after(Math.min(leftMs, LONGEST_TIMER_MS), () => {
      if (this.#ports.now() >= at) this.#act();
      else this.set(at);
    });
  }

  /** Does not act any more. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
