import type { Cursor } from "./address.ts";
import { type IncomingFrame, readFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";

/** What a poll answers (P7.7). */
export interface PollPage {
  readonly frames: readonly IncomingFrame[];
  /** Where the next poll goes on. */
  readonly cursor: Cursor;
  /** Whether nothing was missed since the cursor that it was asked with. */
  readonly recovered: boolean;
  /** The newest value of each event of a topic, where it tells; checked as part of the greeting it goes into. */
  readonly last: unknown;
  /** The state of a room of a team's own kind, as of the cursor; absent where it is not known. */
  readonly state: unknown;
}

/** Reads a poll's answer; `undefined` when it is none. */
export function readPollPage(body: unknown): PollPage | undefined {
  const events = field(body, "events");
  const seq = field(body, "seq");
  const epoch = field(body, "epoch");
  const recovered = field(body, "recovered");
  return Array.isArray(events) &&
    typeof seq === "number" &&
    typeof epoch === "string" &&
    typeof recovered === "boolean"
    ? {
        frames: events.flatMap((event) => readFrame(event)),
        cursor: { seq, epoch },
        recovered,
        last: field(body, "last"),
        state: field(body, "state"),
      }
    : undefined;
}
