import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { Saved } from "../../protocol/server-frame.ts";

/** What became of a frame. */
export type Outcome =
  | {
      readonly ok: true;
      readonly saved?: Saved;
      /** For `publish`: how many connections it went to. */
      readonly delivered?: number;
    }
  | { readonly ok: false; readonly error: Refusal };

/** What becomes of what a connection has sent after the frame that ends it. */
export const CLOSED_BEFORE: Outcome = {
  ok: false,
  error: refusal("access_denied", "The connection was closed before this came to be decided."),
};

/**
 * The frame that answers a connection: an `ack` of what has a messageId, whether it stores something
 * or not; of what has none, an `error` if it was refused, and nothing if it was done.
 */
export function answerFrame(
  messageId: string | undefined,
  outcome: Outcome,
  at: number,
): EncodedFrame | undefined {
  const envelope = { ...(messageId === undefined ? {} : { messageId }), timestamp: iso(at) };
  if (outcome.ok) {
    return messageId === undefined
      ? undefined
      : EncodedFrame.of({ type: "ack", ...envelope, payload: { success: true, ...outcome.saved } });
  }
  const { error } = outcome;
  return messageId === undefined
    ? EncodedFrame.of({ type: "error", ...envelope, payload: error })
    : EncodedFrame.of({ type: "ack", ...envelope, payload: { success: false, error } });
}
