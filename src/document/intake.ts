import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { type Bucket, type Rate, type Taken, take } from "../room/quota/quota.ts";
import { byteRate, type Connection, type Sign, SYNC_RATE } from "./connection.ts";
import { readMessage, type WireMessage } from "./wire.ts";

/** What becomes of a frame. */
export type Received =
  | { readonly kind: "message"; readonly message: WireMessage }
  /** It is passed over, and nobody misses it; but it is a sign that its sender reads, if it is one. */
  | { readonly kind: "dropped"; readonly sign: Sign | undefined }
  /** It is not to be had; a few such end the connection. */
  | { readonly kind: "refused"; readonly error: Refusal }
  /** It ends the connection: for good, or to come back, as the error says. */
  | { readonly kind: "fatal"; readonly error: Refusal };

/** First byte of a frame with cursors, the one sort that a quota may drop. */
const AWARENESS = 1;

const TEXT = refusal("invalid_frame", "This wire has binary frames alone.");
const TOO_MUCH = refusal("rate_limited", "Too many bytes; come back and be sent what you lack.");
const TOO_MANY_SYNCS = refusal("rate_limited", "You ask for the whole document too often.");

/** What a document makes of a stranger's frame before it looks at what is in it. */
export class Intake {
  readonly #limits: DocumentLimits;
  readonly #rate: Rate | undefined;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
    this.#rate = byteRate(limits);
  }

  /** Reads a frame and counts it. A sync frame is taken or ends its connection: dropped, it would be lost. */
  receive(connection: Connection, raw: string | ArrayBuffer, now: number): Received {
    if (typeof raw === "string") return { kind: "refused", error: TEXT };
    if (raw.byteLength > this.#limits.frameBytes) {
      return { kind: "fatal", error: tooLarge(this.#limits.frameBytes) };
    }
    const frame = new Uint8Array(raw);
    if (frame[0] === AWARENESS) {
      // A stock client echoes all that it hears: its own changes must not be refused for that.
      const paid = this.#pay(connection.cursorBytes, frame.byteLength, now);
      connection.cursorBytes = paid.bucket;
      if (!paid.allowed) return { kind: "dropped", sign: "awareness" };
    } else {
      const paid = this.#pay(connection.bytes, frame.byteLength, now);
      connection.bytes = paid.bucket;
      if (!paid.allowed) return { kind: "fatal", error: TOO_MUCH };
    }
    const read = readMessage(frame);
    if (!read.ok) return { kind: "refused", error: refusal("invalid_frame", `${read.fault}.`) };
    const { message } = read;
    const isAsking = message.type === "sync_step_1" || message.type === "query_awareness";
    if (!isAsking || syncs(connection, now)) return { kind: "message", message };
    // All cursors together are as much as a document; but no stock client asks a server for them.
    return message.type === "sync_step_1"
      ? { kind: "fatal", error: TOO_MANY_SYNCS }
      : { kind: "dropped", sign: undefined };
  }

  #pay(bucket: Bucket, bytes: number, now: number): Pick<Taken, "bucket" | "allowed"> {
    if (this.#rate === undefined) return { bucket, allowed: true };
    return take(bucket, this.#rate, now, Math.max(bytes, EDITOR_BOUNDS.frameCostBytes));
  }
}

function syncs(connection: Connection, now: number): boolean {
  const { bucket, allowed } = take(connection.syncs, SYNC_RATE, now);
  connection.syncs = bucket;
  return allowed;
}

function tooLarge(frameBytes: number): Refusal {
  return refusal("too_large", `A frame has at most ${frameBytes} bytes.`);
}
