import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import { Conflator } from "./conflator.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { Pacer } from "./pacer.ts";
import { plainFrame } from "./plain.ts";
import type { Sending } from "./transport.ts";
import { bytesOf } from "./wire-codec.ts";

/**
 * Frames that are not stored may go this many below an empty quota, so that a full outbox does not
 * silence them: the server's burst has room for it.
 */
const EPHEMERAL_DEBT_FRAMES = 5;
/** How long a server's refusal counts that does not say so, in milliseconds. */
const REST_MS = 1_000;

/** How something is published. */
export interface PublishOptions {
  /**
   * Only the newest value of this event counts; `false` when absent. Values that come faster than
   * the server takes them replace each other on their way out, and so they may for a reader who
   * cannot keep up. The last one always goes out.
   */
  readonly conflate?: boolean;
}

/** A frame that is not stored, and may be lost. */
export type EphemeralFrame = Exclude<ClientFrame, DurableFrame>;

/** The way out: of frames that are not stored by itself, of the others for the outbox. */
export class Uplink {
  readonly #pacer: Pacer;
  readonly #conflator: Conflator;
  readonly #send: (frame: ClientFrame, frameBytes: number) => Sending;
  #frameBytes: number | undefined;
  #isClosed = false;

  /** @param send hands a frame to the connection, unless it is longer than so many bytes. */
  constructor(
    environment: Environment,
    pacer: Pacer,
    send: (frame: ClientFrame, frameBytes: number) => Sending,
  ) {
    this.#pacer = pacer;
    this.#send = send;
    this.#conflator = new Conflator(environment, pacer, (frame) => this.transmit(frame));
  }

  /** A connection is ready, with these limits. */
  open(frameBytes: number): void {
    this.#frameBytes = frameBytes;
  }

  /** What was sent before goes first: now the values go out that waited for a connection. */
  resume(): void {
    if (this.#frameBytes !== undefined) this.#conflator.open(this.#frameBytes);
  }

  /** The connection is gone. */
  suspend(): void {
    this.#frameBytes = undefined;
    this.#conflator.suspend();
  }

  /** The room is closed for good. */
  close(): void {
    this.#isClosed = true;
    this.#conflator.close();
  }

  /** The server refused a frame that nobody waits for: the quota is used up. */
  refused(retryAfterMs = REST_MS): void {
    this.#pacer.empty();
    this.#conflator.refused(retryAfterMs);
  }

  /** Hands a frame over whose turn has come. */
  transmit(frame: ClientFrame): Sending {
    return this.#frameBytes === undefined ? "no_connection" : this.#send(frame, this.#frameBytes);
  }

  /**
   * Sends a frame that may be lost. `false` when there is no connection, or no quota left on it.
   *
   * @throws {RealtimeError} `invalid_frame` when JSON cannot carry it, `too_large` when the server
   * would close the connection for it.
   */
  say(frame: EphemeralFrame): boolean {
    const plain = plainFrame(frame);
    if (this.#frameBytes === undefined) return false;
    if (!this.#pacer.take(this.#weigh(plain), EPHEMERAL_DEBT_FRAMES)) return false;
    const sending = this.transmit(plain);
    if (sending === "too_large") throw RealtimeError.tooLarge(this.#frameBytes);
    return sending === "sent";
  }

  /** Says a `publish`; see {@link say}. One that conflates is kept until it can go out. */
  publish(event: string, data: Json, { conflate = false }: PublishOptions): boolean {
    if (!conflate) return this.say({ type: "publish", payload: { event, data } });
    const frame = plainFrame({ type: "publish", payload: { event, data, conflate } } as const);
    this.#weigh(frame);
    return !this.#isClosed && this.#conflator.publish(frame);
  }

  /** Sends what must go out whatever the quota. */
  insist(frame: EphemeralFrame): void {
    this.#pacer.take(bytesOf(JSON.stringify(frame)), Number.POSITIVE_INFINITY);
    this.transmit(frame);
  }

  #weigh(frame: ClientFrame): number {
    const bytes = bytesOf(JSON.stringify(frame));
    if (this.#frameBytes !== undefined && bytes > this.#frameBytes)
      throw RealtimeError.tooLarge(this.#frameBytes);
    return bytes;
  }
}
