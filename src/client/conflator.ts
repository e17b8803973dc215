import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Cancel, Environment } from "./environment.ts";
import type { Pacer } from "./pacer.ts";
import { bytesOf } from "./wire-codec.ts";

/** Event names that may wait at a time: as many as a topic keeps. */
const WAITING_MAX = 64;
/** A refusal does not say of which frame it is: of one that went out this long before it, at most. */
const DOUBT_MS = 2_000;

/** A value that only the next one of its event outdates. */
export type PublishFrame = Extract<ClientFrame, { readonly type: "publish" }>;

interface Sent {
  readonly frame: PublishFrame;
  readonly at: number;
}

/**
 * Publishes values of which only the newest counts, at the pace of the server's quota: what comes
 * faster replaces what waits, and the last one of each event always goes out.
 */
export class Conflator {
  readonly #environment: Environment;
  readonly #pacer: Pacer;
  readonly #transmit: (frame: PublishFrame) => boolean;
  /** By event, in the order in which they began to wait. */
  readonly #waiting = new Map<string, PublishFrame>();
  readonly #sent = new Map<string, Sent>();
  #isOpen = false;
  #cancel: Cancel | undefined;

  /** @param transmit hands a frame to the connection, or says that it could not. */
  constructor(environment: Environment, pacer: Pacer, transmit: (frame: PublishFrame) => boolean) {
    this.#environment = environment;
    this.#pacer = pacer;
    this.#transmit = transmit;
  }

  /** Takes a value; `false` when too many events wait already. */
  publish(frame: PublishFrame): boolean {
    const { event } = frame.payload;
    if (!this.#waiting.has(event) && this.#waiting.size >= WAITING_MAX) return false;
    this.#waiting.set(event, frame);
    if (this.#cancel === undefined) this.#pump();
    return true;
  }

  /** A connection is ready. */
  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  /** The connection is gone: what waits goes out on the next one, and what it may have swallowed. */
  suspend(): void {
    this.#isOpen = false;
    this.#rest();
    this.#takeBack();
  }

  /** The room is closed for good. */
  close(): void {
    this.suspend();
    this.#waiting.clear();
  }

  /** The server refused something: perhaps one of these, so that they go out again after a while. */
  refused(delayMs: number): void {
    this.#takeBack();
    if (this.#waiting.size > 0) this.#wait(delayMs);
  }

  #takeBack(): void {
    const since = this.#environment.now() - DOUBT_MS;
    for (const [event, { frame, at }] of this.#sent) {
      if (at >= since && !this.#waiting.has(event)) this.#waiting.set(event, frame);
    }
    this.#sent.clear();
  }

  #pump(): void {
    this.#rest();
    if (!this.#isOpen) return;
    for (const [event, frame] of this.#waiting) {
      const bytes = bytesOf(JSON.stringify(frame));
      if (!this.#pacer.take(bytes)) {
        this.#wait(this.#pacer.waitMs(bytes));
        return;
      }
      if (!this.#transmit(frame)) return;
      this.#waiting.delete(event);
      this.#sent.delete(event);
      this.#sent.set(event, { frame, at: this.#environment.now() });
      this.#forget();
    }
  }

  #forget(): void {
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > WAITING_MAX && oldest !== undefined) this.#sent.delete(oldest);
  }

  #wait(delayMs: number): void {
    this.#rest();
    this.#cancel = this.#environment.after(delayMs, () => this.#pump());
  }

  #rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
