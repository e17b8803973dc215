import type { Cancel, Environment } from "./environment.ts";

/** Receipts go out at most this often: the first at once, then the newest of each interval. */
const GAP_MS = 1_000;

/** Tells the room how far its user has read: only ever upwards, and again if it may have been lost. */
export class ReadMarker {
  readonly #environment: Environment;
  readonly #send: (upTo: number) => boolean;
  #wanted = 0;
  #sent = 0;
  #confirmed = 0;
  #isOpen = false;
  #gap: Cancel | undefined;

  /** @param send hands over a receipt, or says that it could not. */
  constructor(environment: Environment, send: (upTo: number) => boolean) {
    this.#environment = environment;
    this.#send = send;
  }

  /** The user has read up to this `seq`. */
  mark(upTo: number): void {
    this.#wanted = Math.max(this.#wanted, upTo);
    this.#flush();
  }

  /** The server has this user's receipt up to here. */
  confirm(upTo: number): void {
    this.#confirmed = Math.max(this.#confirmed, upTo);
  }

  /** A new connection: what the last one may have swallowed goes out again. */
  open(): void {
    this.suspend();
    this.#isOpen = true;
    this.#sent = 0;
    this.#flush();
  }

  /** The log began anew, and every `seq` is void. */
  reset(): void {
    this.#wanted = 0;
    this.#sent = 0;
    this.#confirmed = 0;
  }

  /** The connection is gone: nothing goes out until {@link open}. */
  suspend(): void {
    this.#isOpen = false;
    this.#gap?.();
    this.#gap = undefined;
  }

  #flush(): void {
    const isNews = this.#wanted > Math.max(this.#sent, this.#confirmed);
    if (!this.#isOpen || this.#gap !== undefined || !isNews) return;
    if (this.#send(this.#wanted)) this.#sent = this.#wanted;
    this.#gap = this.#environment.after(GAP_MS, () => {
      this.#gap = undefined;
      this.#flush();
    });
  }
}
