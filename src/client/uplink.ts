import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import { encodeFrame } from "../protocol/codec.ts";
import { type Json, payloadProblem } from "../protocol/json.ts";
import { RealtimeError } from "./error.ts";
import type { ClientWire } from "./frame-reader.ts";
import type { Pacer } from "./pacer.ts";
import type { Encoded } from "./transport.ts";

/**
 * Frames that are not stored may go this many below an empty quota, so that a full outbox does not
 * silence them: the server's burst has room for it.
 */
const EPHEMERAL_DEBT_FRAMES = 5;

/** How something is published. */
export interface PublishOptions {
  /** Who cannot keep up may get only the newest value of this event; `false` when absent. */
  readonly conflate?: boolean;
}

/** A frame that is not stored, and may be lost. */
export type EphemeralFrame = Exclude<ClientFrame, DurableFrame>;

/** The way out for frames that are not stored. */
export class Uplink {
  readonly #wire: ClientWire;
  readonly #pacer: Pacer;
  readonly #transmit: (encoded: Encoded) => boolean;
  #frameBytes: number | undefined;

  /** @param transmit hands a frame to the connection, or says that there is none. */
  constructor(wire: ClientWire, pacer: Pacer, transmit: (encoded: Encoded) => boolean) {
    this.#wire = wire;
    this.#pacer = pacer;
    this.#transmit = transmit;
  }

  /** A connection is ready, with these limits. */
  open(frameBytes: number): void {
    this.#frameBytes = frameBytes;
  }

  /** The connection is gone. */
  suspend(): void {
    this.#frameBytes = undefined;
  }

  /**
   * Encodes a frame.
   *
   * @throws {RealtimeError} `invalid_frame` when it holds what JSON cannot carry.
   */
  encode(frame: ClientFrame): Encoded {
    const payload = "payload" in frame ? frame.payload : null;
    const problem = payloadProblem(payload);
    if (problem === undefined) return encodeFrame(this.#wire, frame);
    const { path, message } = problem;
    throw RealtimeError.invalid("invalid_frame", `${["payload", ...path].join(".")} ${message}.`);
  }

  /**
   * Sends a frame that may be lost. `false` when there is no connection, or no quota left on it.
   *
   * @throws {RealtimeError} `invalid_frame` when JSON cannot carry it, `too_large` when the server
   * would close the connection for it.
   */
  say(frame: EphemeralFrame): boolean {
    const encoded = this.encode(frame);
    if (this.#frameBytes === undefined) return false;
    const problem = sizeProblem(encoded, this.#frameBytes);
    if (problem !== undefined) throw problem;
    return this.#pacer.take(EPHEMERAL_DEBT_FRAMES) && this.#transmit(encoded);
  }

  /** Says a `publish`; see {@link say}. */
  publish(event: string, data: Json, { conflate = false }: PublishOptions): boolean {
    const payload = { event, data, ...(conflate ? { conflate } : {}) };
    return this.say({ type: "publish", payload });
  }

  /** Sends what must go out whatever the quota. */
  insist(frame: EphemeralFrame): void {
    this.#pacer.take(Number.POSITIVE_INFINITY);
    this.#transmit(this.encode(frame));
  }
}

const encoder = new TextEncoder();

/** `too_large`, when a frame exceeds the bound that the server enforces by closing the connection. */
export function sizeProblem(encoded: Encoded, frameBytes: number): RealtimeError | undefined {
  const bytes = typeof encoded === "string" ? encoder.encode(encoded).length : encoded.length;
  if (bytes <= frameBytes) return undefined;
  return RealtimeError.invalid("too_large", `A frame is at most ${frameBytes} bytes in this room.`);
}
