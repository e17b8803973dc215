import type { Cursor } from "./cursor.ts";
import { BOUNDS } from "./limits.ts";

/** What a poll answers (CONTRACT §6); `events` are frames as JSON text. */
export interface PollPage extends Cursor {
  readonly events: readonly string[];
  /** Whether every event since the given cursor is here, or comes with the polls that follow. */
  readonly recovered: boolean;
}

/** The answer's JSON text. */
export function encodePollPage({ events, epoch, seq, recovered }: PollPage): string {
  const rest = JSON.stringify({ epoch, seq, recovered }).slice(1);
  return `{"events":[${events.join(",")}],${rest}`;
}

/** As many of the events, from the first, as one answer carries; at least one, if there is any. */
export function onePageOf(events: readonly string[]): readonly string[] {
  let chars = 0;
  const end = events.findIndex((event) => {
    chars += event.length;
    return chars > BOUNDS.pollPageChars;
  });
  return end === -1 ? events : events.slice(0, Math.max(end, 1));
}
