import type { Cursor } from "./cursor.ts";
import { BOUNDS } from "./limits.ts";
import type { JoinedTopic } from "./server-frame.ts";

/** What a poll answers (P7.7); `events` are frames as JSON text. */
export interface PollPage extends Cursor {
  readonly events: readonly string[];
  /** Whether every event since the given cursor is here, or comes with the polls that follow. */
  readonly recovered: boolean;
  /** In a topic: the newest value of each event, for what was published between two polls is gone. */
  readonly last?: JoinedTopic["last"] | undefined;
  /**
   * In a room of a team's own kind: its state after the event at `seq`. Absent where the page ends
   * before the log does, and wherever it is not known.
   */
  readonly state?: unknown;
}

/** The answer's JSON text, with whatever else the room's kind says in it. */
export function encodePollPage({ events, epoch, seq, recovered, ...more }: PollPage): string {
  const rest = JSON.stringify({ epoch, seq, recovered, ...more }).slice(1);
  return `{"events":[${events.join(",")}],${rest}`;
}

/**
 * As many of the events, from the first, as one answer carries; at least one, if there is any. No
 * more of them are read than the one that is too many.
 */
export function onePageOf(events: Iterable<string>): readonly string[] {
  const page: string[] = [];
  let chars = 0;
  for (const event of events) {
    chars += event.length;
    if (chars > BOUNDS.pollPageChars && page.length > 0) break;
    page.push(event);
  }
  return page;
}
