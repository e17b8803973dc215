import type { Accepted } from "../room/log/log.ts";
import { numberIn, optionalNumberIn, type SqlRow, textIn } from "./database.ts";

/** The columns of {@link Accepted}. */
export const ACCEPTED = "seq, user_id, message_id, at, fingerprint";

/** What a page of history shows of rows, as they are taken. */
export function* shownIn(rows: Iterable<SqlRow>): Iterable<string> {
  for (const row of rows) yield historyEntry(row);
}

/** Messages as they are stored, as they are taken. */
export function* payloadsIn(rows: Iterable<SqlRow>): Iterable<string> {
  for (const row of rows) yield textIn(row, "payload");
}

function historyEntry(row: SqlRow): string {
  return textIn(row, "type") === "new_message"
    ? textIn(row, "payload")
    : `{"seq":${numberIn(row, "seq")},"deleted":true}`;
}

/** A row of the columns {@link ACCEPTED}. */
export function acceptedOf(row: SqlRow): Accepted {
  return {
    seq: numberIn(row, "seq"),
    userId: textIn(row, "user_id"),
    messageId: textIn(row, "message_id"),
    at: numberIn(row, "at"),
    fingerprint: optionalNumberIn(row, "fingerprint"),
  };
}
