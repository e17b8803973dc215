import type { ClientFrame, DurableFrame } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import type { Conflator, PublishFrame } from "./conflator.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { LaterFrame } from "./frame-reader.ts";
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
  readonly #environment: Environment;
  readonly #pacer: Pacer;
  /** Values of which only the newest counts, by event, in the order in which they began to wait. */
  readonly #waiting = new Map<string, PublishFrame>();
  #conflator: Conflator | undefined;
  #isFetching = false;
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
    this.#environment = environment;
    this.#pacer = pacer;
    this.#send = send;
  }

  /** A connection is ready, with these limits. */
  open(frameBytes: number): void {
    this.#frameBytes = frameBytes;
  }

  /** What was sent before goes first: now the values go out that waited for a connection. */
  resume(): void {
    this.#resumedBytes = this.#frameBytes;
    this.#conflate();
  }

  /** The connection is gone. */
  suspend(): void {
    this.#frameBytes = undefined;
    this.#resumedBytes = undefined;
    this.#conflator?.suspend();
  }

  /** The room is closed for good. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
  }

  /** The server refused a frame that nobody waits for: the quota is used up. */
  refused(retryAfterMs = REST_MS): void {
    this.#pacer.empty();
    this.#conflator?.refused(retryAfterMs);
  }

  /** What this connection said has come back: the server has it. */
  echoed(frame: LaterFrame): void {
    this.#conflator?.echoed(frame);
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
    const waiting = this.#waiting;
    if (this.#isClosed || (!waiting.has(event) && waiting.size >= WAITING_MAX)) return false;
    waiting.set(event, frame);
    if (this.#conflator === undefined) this.#fetch();
    else this.#conflator.waits();
    return true;
  }

  /** The code for values that conflate has come. */
  adopt(conflator: typeof Conflator): void {
    if (this.#isClosed) return;
    this.#conflator ??= new conflator(this.#environment, this.#pacer, this.#waiting, (frame) =>
      this.transmit(frame),
    );
    this.#conflate();
  }

  #fetch(): void {
    if (this.#isFetching) return;
    this.#isFetching = true;
    import("./other-kinds.ts").then(
      ({ Conflator }) => this.adopt(Conflator),
      () =>
        this.#environment.after(REST_MS, () => {
          this.#isFetching = false;
          this.#conflate();
        }),
    );
  }

  #conflate(): void {
    if (this.#conflator === undefined) {
      if (this.#waiting.size > 0) this.#fetch();
    } else if (this.#resumedBytes !== undefined) this.#conflator.open(this.#resumedBytes);
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
