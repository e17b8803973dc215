import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Cancel, Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { LaterFrame } from "./frame-reader.ts";
import type { Pacer } from "./pacer.ts";
import type { Sending } from "./transport.ts";
import { bytesOf } from "./wire-codec.ts";

/** Of so many events is remembered what went out last: as many as may wait at a time. */
const SENT_MAX = 64;
/** A refusal does not say of which frame it is: of one that went out this long before it, at most. */
const DOUBT_MS = 2_000;

/** A value that only the next one of its event outdates. */
type PublishFrame = Extract<ClientFrame, { readonly type: "publish" }>;
/** What this user shows of itself, which the next such frame outdates. */
type PresenceFrame = Extract<ClientFrame, { readonly type: "presence" }>;
/** What only the newest of counts. */
export type NewestFrame = PublishFrame | PresenceFrame;

interface Sent {
  readonly frame: PublishFrame;
  readonly at: number;
}

/**
 * Says values of which only the newest counts, at the pace of the server's quota: what comes
 * faster replaces what waits, and the last one of each event always goes out, unless it is longer
 * than the server takes: that is found out once there is a connection, and reported. What this user
 * shows has a pace of its own, where the server has announced one.
 */
export class Conflator {
  readonly #environment: Environment;
  readonly #pacer: Pacer;
  readonly #transmit: (frame: NewestFrame) => Sending;
  /** By event, in the order in which they began to wait. */
  readonly #waiting: Map<string, NewestFrame>;
  readonly #sent = new Map<string, Sent>();
  /** What is shown, by what it waits as: that ends with each connection. */
  #shown: readonly [name: string, frame: PresenceFrame] | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;
  /** How long a frame may be; `undefined` without a connection. */
  #frameBytes: number | undefined;
  #cancel: Cancel | undefined;
  /** Whether the server has asked for a rest. */
  #isResting = false;

  /**
   * @param waiting what is to go out; it may grow at any time, see {@link waits}.
   * @param transmit hands a frame to the connection, or says why it could not.
   */
  constructor(
    environment: Environment,
    pacer: Pacer,
    waiting: Map<string, NewestFrame>,
    transmit: (frame: NewestFrame) => Sending,
  ) {
    this.#environment = environment;
    this.#pacer = pacer;
    this.#waiting = waiting;
    this.#transmit = transmit;
  }

  /** There is one more value that waits. */
  waits(): void {
    if (!this.#isResting) this.#pump();
  }

  /** A connection is ready that takes frames of so many bytes. */
  open(frameBytes: number): void {
    this.#frameBytes = frameBytes;
    this.#pump();
  }

  /** The connection is gone: what waits goes out on the next one, and what it may have swallowed. */
  suspend(): void {
    this.#frameBytes = undefined;
    this.#rest();
    this.#takeBack();
    this.#showAgain();
  }

  /** The server refused something: perhaps one of these, so that they go out again after a while. */
  refused(delayMs: number): void {
    this.#takeBack();
    if (this.#shownAt >= this.#environment.now() - DOUBT_MS) this.#showAgain();
    if (this.#waiting.size === 0) return;
    this.#wait(delayMs);
    this.#isResting = true;
  }

  /** What this connection said has come back: if it is what went out last, that has arrived. */
  echoed(frame: LaterFrame): void {
    if (frame.type !== "event") return;
    const { event, data } = frame.payload;
    const sent = this.#sent.get(event)?.frame.payload.data;
    if (JSON.stringify(sent) === JSON.stringify(data)) this.#sent.delete(event);
  }

  #takeBack(): void {
    const since = this.#environment.now() - DOUBT_MS;
    for (const [event, { frame, at }] of this.#sent) {
      if (at >= since && !this.#waiting.has(event)) this.#waiting.set(event, frame);
    }
    this.#sent.clear();
  }

  #showAgain(): void {
    const shown = this.#shown;
    if (shown !== undefined && !this.#waiting.has(shown[0])) this.#waiting.set(...shown);
  }

  #pump(): void {
    this.#rest();
    const frameBytes = this.#frameBytes;
    if (frameBytes === undefined) return;
    // Of those that share a quota, none passes the one that waits for it.
    const waits = new Map<number | undefined, number>();
    for (const [event, frame] of this.#waiting) {
      const gapMs = this.#gapMsOf(frame);
      if (waits.has(gapMs)) continue;
      const bytes = bytesOf(JSON.stringify(frame));
      const isTooLarge = bytes > frameBytes;
      const waitMs = isTooLarge ? 0 : this.#take(bytes, gapMs);
      if (waitMs > 0) {
        waits.set(gapMs, waitMs);
        continue;
      }
      const sending = isTooLarge ? "too_large" : this.#transmit(frame);
      if (sending === "no_connection") return;
      this.#waiting.delete(event);
      this.#sent.delete(event);
      if (sending === "too_large") {
        this.#environment.report(RealtimeError.tooLarge(frameBytes));
        continue;
      }
      if (frame.type === "presence") {
        this.#shown = [event, frame];
        this.#shownAt = this.#environment.now();
        continue;
      }
      this.#sent.set(event, { frame, at: this.#environment.now() });
      this.#forget();
    }
    if (waits.size > 0) this.#wait(Math.min(...waits.values()));
  }

  /** How far apart such frames are, in milliseconds; `undefined` of those that go by the quota of all. */
  #gapMsOf({ type }: NewestFrame): number | undefined {
    const { presencePerSecond = 0 } = this.#pacer.limits ?? {};
    return type === "presence" && presencePerSecond > 0 ? 1_000 / presencePerSecond : undefined;
  }

  /** Takes what a frame costs, or nothing: then, how long until it may be, in milliseconds. */
  #take(bytes: number, gapMs: number | undefined): number {
    if (gapMs === undefined) return this.#pacer.take(bytes) ? 0 : this.#pacer.waitMs(bytes);
    const waitMs = this.#shownAt + gapMs - this.#environment.now();
    // More than the whole gap is a clock that was set back: it must not hold it until it is there again.
    if (waitMs > 0 && waitMs <= gapMs) return Math.ceil(waitMs);
    this.#pacer.take(bytes, Number.POSITIVE_INFINITY, 0);
    return 0;
  }

  #forget(): void {
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > SENT_MAX && oldest !== undefined) this.#sent.delete(oldest);
  }

  #wait(delayMs: number): void {
    this.#rest();
    this.#cancel = this.#environment.after(delayMs, () => this.#pump());
  }

  #rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isResting = false;
  }
}
