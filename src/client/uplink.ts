import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import type { Conflator, NewestFrame } from "./conflator.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { LaterFrame } from "./frame-reader.ts";
import { Late } from "./late.ts";
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
/** Events that may have a value waiting: as many as a topic keeps. */
const WAITING_MAX = 64;

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
  /** Values of which only the newest counts, by event, in the order in which they began to wait. */
  readonly #waiting = new Map<string, NewestFrame>();
  readonly #conflator: Late<Conflator>;
  /** How long frames may be, once what was sent before has gone first. */
  #resumedBytes: number | undefined;
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
    this.#conflator = new Late(environment, async () => {
      const { Conflator } = await import("./other-kinds.ts");
      const transmit = (frame: NewestFrame) => this.transmit(frame);
      const made = new Conflator(environment, pacer, this.#waiting, transmit);
      if (this.#resumedBytes !== undefined) made.open(this.#resumedBytes);
      return made;
    });
  }

  /** A connection is ready, with these limits. */
  open(frameBytes: number): void {
    this.#frameBytes = frameBytes;
  }

  /** What was sent before goes first: now the values go out that waited for a connection. */
  resume(): void {
    this.#resumedBytes = this.#frameBytes;
    if (this.#resumedBytes !== undefined) this.#conflator.made?.open(this.#resumedBytes);
  }

  /** The connection is gone. */
  suspend(): void {
    this.#frameBytes = undefined;
    this.#resumedBytes = undefined;
    this.#conflator.made?.suspend();
  }

  /** The room is closed for good. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#conflator.drop();
  }

  /** The server refused a frame that nobody waits for: the quota is used up. */
  refused(retryAfterMs = REST_MS): void {
    this.#pacer.empty();
    this.#conflator.made?.refused(retryAfterMs);
  }

  /** What this connection said has come back: the server has it. */
  echoed(frame: LaterFrame): void {
    this.#conflator.made?.echoed(frame);
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
    const waiting = this.#waiting;
    if (!waiting.has(event) && waiting.size >= WAITING_MAX) return false;
    return this.#keep(event, { type: "publish", payload: { event, data, conflate } });
  }

  /**
   * Shows something of this user, on each connection anew. What is too long for a connection that is
   * still to come, is reported then.
   *
   * @throws {RealtimeError} as {@link say} does.
   */
  show(data: Json): void {
    // No event has this name.
    this.#keep("", { type: "presence", payload: { data } });
  }

  #keep(name: string, frame: NewestFrame): boolean {
    const plain = plainFrame(frame);
    this.#weigh(plain);
    if (this.#isClosed) return false;
    this.#waiting.set(name, plain);
    this.#conflator.use((conflator) => conflator.waits());
    return true;
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
