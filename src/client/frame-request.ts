import { assertNever } from "../protocol/assert-never.ts";
import type { ClientFrame, RequestKey } from "../protocol/client-frame.ts";
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
      const path = stored("messages", frame);
      return HEADER_SAFE.test(messageId)
        ? { method: "POST", path, headers: keyed(messageId), body: payload }
        : { method: "POST", path, body: { ...payload, messageId } };
    }
    case "edit_message": {
      const { seq, content } = frame.payload;
      const path = stored(`messages/${seq}`, frame);
      return { method: "PATCH", path, headers: keyed(frame.messageId), body: { content } };
    }
    case "delete_message": {
      const path = stored(`messages/${frame.payload.seq}`, frame);
      return { method: "DELETE", path, headers: keyed(frame.messageId) };
    }
    case "react": {
      const { seq, ...body } = frame.payload;
      const path = stored(`messages/${seq}/reactions`, frame);
      return { method: "POST", path, headers: keyed(frame.messageId), body };
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

function stored(path: string, { sentAt }: RequestKey): string {
  return sentAt === undefined ? path : `${path}?sentAt=${sentAt}`;
}

function keyed(messageId: string): Readonly<Record<string, string>> {
  return { "idempotency-key": messageId };
}
