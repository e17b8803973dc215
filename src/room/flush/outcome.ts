import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { Saved } from "../../protocol/server-frame.ts";
import type { Asking } from "../frame.ts";
import type { Answered, Refused } from "../hooks/decision.ts";

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
export const CLOSED_BEFORE: Outcome & { readonly ok: false } = {
  ok: false,
  error: refusal("access_denied", "The connection was closed before this came to be decided."),
};

/** What became of a frame in its flush: also a query, which is answered once that is settled. */
export type CarriedOut = Outcome | Refused | { readonly ok: true; readonly answer: Answering };

/** Answers a query by how the room stands then. */
export type Answering = (now: number) => Answered;

/**
 * The frame that answers a connection: an `ack` of what has a messageId, whether it stores something
 * or not, and an `answer` of a query; of what has none, an `error` if it was refused, and nothing if it
 * was done.
 */
export function answerFrame(
  { messageId, isQuery }: Asking,
  outcome: Outcome,
  at: number,
): EncodedFrame | undefined {
  if (isQuery === true && messageId !== undefined && !outcome.ok) {
    return queryFrame(messageId, outcome, at);
  }
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

/** The frame that answers a query (P12.6). */
export function queryFrame(messageId: string, answered: Answered, at: number): EncodedFrame {
  const payload = answered.ok
    ? `{"success":true,"output":${answered.output}}`
    : JSON.stringify({ success: false, error: answered.error });
  return EncodedFrame.fromJson(
    `{"type":"answer","messageId":${JSON.stringify(messageId)},"timestamp":"${iso(at)}","payload":${payload}}`,
  );
}
