import * as z from "zod";
import { refusalSchema } from "../../protocol/error-schema.ts";
import type { ReadFrame } from "./readings.ts";
import type { Speaker } from "./speaker.ts";
import type { Sent } from "./tells.ts";
import type { Visit } from "./visit.ts";

const unreadSchema = z.object({ unread: z.int() });

/**
 * Tells a client what happens in a room that it is in.
 *
 * @param isOwn whether a message is one that this very connection sent.
 */
export function overhear(
  visit: Visit,
  read: ReadFrame,
  speaker: Speaker,
  isOwn: (message: Sent) => boolean,
): void {
  const { cursor } = visit;
  const { type, seq, payload } = read.frame;
  visit.refusal = type === "error" ? refusalSchema.parse(payload) : undefined;
  const isStored = seq !== undefined;
  if (isStored && cursor !== undefined) {
    // It has been told of this already.
    if (seq <= cursor.seq) return;
    visit.cursor = { ...cursor, seq };
  }
  const { telling } = read;
  const { own } = telling;
  const { events } = own !== undefined && isOwn(own.sent) ? own : telling;
  for (const [at, event] of events.entries()) {
    // The place goes with the last of them: whoever has that has all.
    speaker.emit(event, isStored && at === events.length - 1);
  }
  if (type === "notification") countUnread(visit, (visit.unread ?? 0) + 1, speaker);
  if (type === "notifications_read") visit.unread = unreadSchema.parse(payload).unread;
}

/** Tells a client how much in its inbox is unread. */
export function countUnread(visit: Visit, unread: number, speaker: Speaker): void {
  visit.unread = unread;
  speaker.tell("unread", { room: visit.room, unread });
}
