import { isRecord } from "../identity/identity.ts";
import type { Unread } from "./unread.ts";

/** As many new messages are looked at; that there are more is all that is told of the rest. */
export const LOOKED_AT = 20;

/** What a page of the messages after some place says of a room. */
export interface UnreadPage {
  /** Which life of the log it is of. */
  readonly epoch: string;
  readonly unread: Unread;
}

/** Counts what others wrote, of an answer to `GET /messages`; `undefined` if it is none. */
export function unreadPageOf(body: unknown, me: string): UnreadPage | undefined {
  if (!isRecord(body) || typeof body["epoch"] !== "string" || !Array.isArray(body["messages"])) {
    return undefined;
  }
  const count = body["messages"].filter(
    (one) => isRecord(one) && one["deleted"] !== true && one["userId"] !== me,
  ).length;
  return { epoch: body["epoch"], unread: { count, isMore: body["hasMore"] === true } };
}
