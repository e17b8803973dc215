import type { Greeting, JoinedInbox } from "../protocol/server-frame.ts";
import type { Cursor } from "./address.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import type { Reading } from "./http-channel.ts";
import type { PollPage } from "./poll-page.ts";

/** What requests tell of a room, in place of the greeting that a WebSocket brings. */
export interface Told {
  /** What its kind of room says in a greeting; checked as part of it. */
  readonly fields: Partial<Greeting & Pick<JoinedInbox, "unread">> & {
    readonly history: readonly unknown[];
    readonly last?: unknown;
    readonly state?: unknown;
  };
  /** Where the polls go on. */
  readonly cursor: Cursor;
}

/** How whoever polls learns what one kind of room tells on joining. Each throws the server's refusal. */
export interface PolledKind {
  /** Of a new start. */
  begin(reading: Reading): Promise<Told>;
  /** Of one that goes on, with the page that brought what was missed. */
  resume(reading: Reading, page: PollPage): Promise<Told>;
  /** What a page tells beside its frames, after one whose `last` was this. */
  news?(page: PollPage, lastBefore: unknown, timestamp: string): readonly IncomingFrame[];
}

/** The newest so many of some entries, oldest first. */
export function newestOf<T>(entries: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : entries.slice(-count);
}
