import type { ClientFrame, RequestKey } from "../protocol/client-frame.ts";
import type { ClientFrameRow } from "../protocol/frames/row.ts";
import { CLIENT_FRAMES } from "../protocol/frames.ts";
import { hasOwn } from "../protocol/has-own.ts";
import type { HttpRequest } from "./environment.ts";

/** What says over HTTP what a frame says (P7.1). */
export interface FrameRequest {
  readonly method: HttpRequest["method"];
  /** Below the room's own. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** It may be said more than once, and nobody waits for it to be acknowledged. */
  readonly isIdempotent?: true;
}

/** What a header can carry as it is; an application may choose other messageIds. */
const HEADER_SAFE = /^[\x21-\x7e]+$/;

const ROOM = "/v1/rooms/:room/";

/** Any frame's parts, of which each type has some. */
interface Parts extends Partial<RequestKey> {
  readonly type: string;
  readonly payload?: unknown;
}

/** The request that says the same; `undefined` for what HTTP has no way to say. */
export function frameRequest(frame: ClientFrame): FrameRequest | undefined {
  if (!isProtocols(frame)) return ownRequest(frame);
  const { http, idempotent }: ClientFrameRow = CLIENT_FRAMES[frame.type];
  if (http === undefined) return undefined;
  const { method } = http;
  const { messageId, sentAt, payload }: Parts = frame;
  const body: Record<string, unknown> = { ...Object(payload) };
  const path = http.path.slice(ROOM.length).replace(/:(\w+)/g, (_, name: string) => {
    const value = encodeURIComponent(String(body[name]));
    delete body[name];
    return value;
  });
  const hasBody = method !== "DELETE";
  const isInHeader = messageId !== undefined && (HEADER_SAFE.test(messageId) || !hasBody);
  // As JSON leaves out what is undefined.
  if (!isInHeader) body["messageId"] = messageId;
  return {
    method,
    path: since(path, sentAt),
    ...(isInHeader && { headers: { "idempotency-key": messageId } }),
    ...(hasBody && { body }),
    ...(idempotent === true && { isIdempotent: true }),
  };
}

/** Whether a frame is the protocol's, and not of a team's own. */
export function isProtocols({ type }: ClientFrame): boolean {
  return hasOwn(CLIENT_FRAMES, type);
}

/**
 * An event of a team's own (P7.11), or a signal (P7.13), which has no key: the whole body is its payload,
 * unless its key has to go along in it.
 */
function ownRequest({ type, messageId, sentAt, payload }: Parts): FrameRequest {
  if (messageId === undefined) {
    return { method: "POST", path: `signals/${encodeURIComponent(type)}`, body: payload };
  }
  const request = {
    method: "POST",
    path: since(`events/${encodeURIComponent(type)}`, sentAt),
  } as const;
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return HEADER_SAFE.test(messageId) || !isObject
    ? { ...request, headers: { "idempotency-key": messageId }, body: payload }
    : { ...request, body: { ...payload, messageId } };
}

function since(path: string, sentAt: number | undefined): string {
  return sentAt === undefined ? path : `${path}?sentAt=${sentAt}`;
}
