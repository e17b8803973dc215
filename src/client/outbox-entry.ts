import type { DurableFrame } from "../protocol/client-frame.ts";
import { present } from "../protocol/present.ts";
import { type Deferred, deferred } from "./deferred.ts";
import type { Cancel } from "./environment.ts";
import type { Circumstances } from "./error.ts";
import type { PendingFrame } from "./room-event.ts";
import { bytesOf } from "./wire-codec.ts";

/** What became of a durable frame. */
export interface Receipt {
  /** The `seq` that the event was stored under. */
  readonly savedId: number;
  readonly messageId: string;
  /** Whether an earlier transmission of the same messageId had stored it already. */
  readonly duplicate: boolean;
}

/** One durable frame on its way. */
export interface OutboxEntry {
  readonly frame: DurableFrame;
  /** What it weighs against the quota. */
  readonly bytes: number;
  readonly receipt: Deferred<Receipt>;
  /** How many callers wait for it: the same messageId may be sent twice. */
  callers: number;
  /** Waiting for its turn, or for its acknowledgement until `cancel`'s timer says it is overdue. */
  delivery: { readonly state: "queued" } | { readonly state: "sent"; readonly cancel: Cancel };
  /** Whether it was ever transmitted: then it may be stored, whatever came after. */
  isTransmitted: boolean;
  /**
   * The `seq` that this client stood at when it first transmitted it: from there on the room looks
   * for it in its log, however long ago it was. Of one life of the log only.
   */
  sentAt: number | undefined;
  /** Transmissions on this connection that stayed without an answer. */
  overdues: number;
  /** Transmissions that the server refused for now, for another reason than its quota. */
  refusals: number;
  /** Transmissions refused as `rate_limited`. */
  slowdowns: number;
  /** Whether a transmission stayed without an answer: then a later refusal says nothing of that one. */
  isInDoubt: boolean;
}

/** A new entry, queued. */
export function entryOf(frame: DurableFrame): OutboxEntry {
  return {
    frame,
    bytes: bytesOf(JSON.stringify(frame)),
    receipt: deferred(),
    callers: 0,
    delivery: { state: "queued" },
    // Whoever says so tried it before.
    isTransmitted: frame.sentAt !== undefined,
    sentAt: frame.sentAt,
    overdues: 0,
    refusals: 0,
    slowdowns: 0,
    isInDoubt: frame.sentAt !== undefined,
  };
}

/** What the application is shown of an entry. */
export function pendingFrame({ frame, sentAt }: OutboxEntry): PendingFrame {
  return { messageId: frame.messageId, type: frame.type, ...frame.payload, ...present({ sentAt }) };
}

/** What is known of an entry that is given up. */
export function outcomeOf({ isTransmitted, sentAt }: OutboxEntry): Circumstances {
  return { outcome: isTransmitted ? "unknown" : "not_sent", ...present({ sentAt }) };
}

/** What is known of an entry that is refused: no more than that, unless an answer is missing. */
export function doubtsOf(entry: OutboxEntry): Circumstances {
  return entry.isInDoubt ? outcomeOf(entry) : {};
}

/** Whether two frames of one messageId ask for the same. */
export function isSame(one: DurableFrame, other: DurableFrame): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ type, payload }: DurableFrame): string {
  return JSON.stringify([type, payload]);
}

/** What changes a message. An event of a team's own may name anything, and means what it means in any life. */
const NAMES_SEQ = /^((edit|delete)_message|react)$/;

/** Whether a frame names a `seq` of the log, and so makes sense in one life of the log only. */
export function namesSeq(frame: DurableFrame): boolean {
  return frame.type === "send_message"
    ? frame.payload.replyTo !== undefined
    : NAMES_SEQ.test(frame.type);
}
