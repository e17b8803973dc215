import { assertNever } from "../protocol/assert-never.ts";
import type { ClientFrame } from "../protocol/client-frame.ts";
import type { HttpRequest } from "./environment.ts";

/** What says over HTTP what a frame says (CONTRACT §6). */
export interface FrameRequest {
  readonly method: HttpRequest["method"];
  /** Below the room's own. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Says how far somebody has read: it may be said more than once. */
  readonly isReceipt?: true;
}

/** What a header can carry as it is; an application may choose other messageIds. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/** The request that says the same; `undefined` for what HTTP has no way to say. */
export function frameRequest(frame: ClientFrame): FrameRequest | undefined {
  switch (frame.type) {
    case "send_message": {
      const { messageId, payload } = frame;
      return HEADER_SAFE.test(messageId)
        ? { method: "POST", path: "messages", headers: keyed(messageId), body: payload }
        : { method: "POST", path: "messages", body: { ...payload, messageId } };
    }
    case "edit_message": {
      const { seq, content } = frame.payload;
      const headers = keyed(frame.messageId);
      return { method: "PATCH", path: `messages/${seq}`, headers, body: { content } };
    }
    case "delete_message": {
      const path = `messages/${frame.payload.seq}`;
      return { method: "DELETE", path, headers: keyed(frame.messageId) };
    }
    case "react": {
      const { seq, ...body } = frame.payload;
      const headers = keyed(frame.messageId);
      return { method: "POST", path: `messages/${seq}/reactions`, headers, body };
    }
    case "publish":
      return { method: "POST", path: "publish", body: frame.payload };
    case "read_messages":
    case "read_notifications":
      return { method: "POST", path: "read", body: frame.payload, isReceipt: true };
    case "typing_start":
    case "typing_end":
    case "refresh_token":
    case "leave_room":
    case "ping":
      return undefined;
    default:
      return assertNever(frame);
  }
}

function keyed(messageId: string): Readonly<Record<string, string>> {
  return { "idempotency-key": messageId };
}
