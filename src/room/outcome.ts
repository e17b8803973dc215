import { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import type { Saved } from "../protocol/server-frame.ts";

/** What became of a frame. */
export type Outcome =
  | {
      readonly ok: true;
      readonly saved?: Saved;
      /** For `publish`: how many connections it went to. */
      readonly delivered?: number;
    }
  | { readonly ok: false; readonly error: Refusal };

/** The frame that answers a connection; a success without a messageId needs none. */
export function answerFrame(
  messageId: string | undefined,
  outcome: Outcome,
  at: number,
): EncodedFrame | undefined {
  const timestamp = iso(at);
  if (messageId === undefined) {
    return outcome.ok
      ? undefined
      : EncodedFrame.of({ type: "error", timestamp, payload: outcome.error });
  }
  if (!outcome.ok) {
    const payload = { success: false, error: outcome.error } as const;
    return EncodedFrame.of({ type: "ack", messageId, timestamp, payload });
  }
  return outcome.saved === undefined
    ? undefined
    : EncodedFrame.of({
        type: "ack",
        messageId,
        timestamp,
        payload: { success: true, ...outcome.saved },
      });
}
