import * as z from "zod";
import { BOUNDS } from "./limits.ts";

const EVENT_ID = /^(.+):(\d{1,16})$/;

/** Where a reader stands in a room's log: the same in every way to read it (P4.6). */
export const cursorSchema = z.object({
  seq: z.int().min(0),
  epoch: z.string().max(BOUNDS.epochChars),
});

/** `seq` of the last event seen, and the life of the log that it belongs to. */
export type Cursor = z.infer<typeof cursorSchema>;

/** The cursor that no log answers to: whoever brings it starts anew. */
const NOWHERE: Cursor = { seq: 0, epoch: "" };

/** A cursor as the id of a Server-Sent Event: `<epoch>:<seq>`. */
export function eventId({ epoch, seq }: Cursor): string {
  return `${epoch}:${seq}`;
}

/**
 * Reads a `Last-Event-ID` header. An id that is not ours is a cursor of another life of the log,
 * and no error: an EventSource gives up for good on any answer but 200.
 */
export function parseEventId(id: string): Cursor {
  const [, epoch, seq] = EVENT_ID.exec(id) ?? [];
  const parsed = cursorSchema.safeParse({ epoch, seq: Number(seq) });
  return parsed.success ? parsed.data : NOWHERE;
}

/**
 * The cursor that a query's `since` and `epoch` make; `undefined` without a `since`. A `since`
 * without its `epoch` is of no life of the log that we know.
 */
export function cursorOf(since: number | undefined, epoch: string | undefined): Cursor | undefined {
  return since === undefined ? undefined : { seq: since, epoch: epoch ?? NOWHERE.epoch };
}
