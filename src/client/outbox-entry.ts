import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Cancel } from "./environment.ts";
import type { PendingFrame } from "./room-event.ts";
import type { Encoded } from "./transport.ts";

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
  /** Encoded once: what is sent again is the same, whatever became of the application's objects. */
  readonly encoded: Encoded;
  readonly promise: Promise<Receipt>;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
  /** Waiting for its turn, or for its acknowledgement until `cancel`'s timer says it is overdue. */
  delivery: { readonly state: "queued" } | { readonly state: "sent"; readonly cancel: Cancel };
  /** Transmissions that the server left unanswered, or refused for now. */
  tries: number;
  /** Transmissions refused as `rate_limited`. */
  slowdowns: number;
  /** Transmissions cut off by the end of their connection. */
  cuts: number;
}

/** A new entry, queued. */
export function entryOf(frame: DurableFrame, encoded: Encoded): OutboxEntry {
  const { promise, resolve, reject } = Promise.withResolvers<Receipt>();
  return {
    frame,
    encoded,
    promise,
    resolve,
    reject,
    delivery: { state: "queued" },
    tries: 0,
    slowdowns: 0,
    cuts: 0,
  };
}

/** What the application is shown of an entry. */
export function pendingFrame({ frame }: OutboxEntry): PendingFrame {
  return { messageId: frame.messageId, type: frame.type, ...frame.payload };
}

/** Whether a frame names a `seq` of the log, and so makes sense in one life of the log only. */
export function namesSeq(frame: DurableFrame): boolean {
  return frame.type !== "send_message" || frame.payload.replyTo !== undefined;
}
