import type { Message } from "../../../client/index.ts";
import { type Tails, tailsOf } from "../../people/namesakes.ts";
import { shownName } from "../../people/shown-name.ts";
import { type Entry, findEntry, isDeleted, type Tombstone } from "./entry.ts";
import type { Outgoing } from "./outgoing.ts";
import { seenBy } from "./receipts.ts";
import type { ChatState, PendingChange } from "./state.ts";

/** One line of the conversation, ready to be shown. */
export type Row = MessageRow | DeletedRow | OutgoingRow;

interface Placed {
  /** The same before and after delivery and deletion, so that the line stays in place. */
  readonly key: string;
  /** Day of the first line of a day, as its first moment in ISO 8601. */
  readonly day: string | undefined;
  /** Whether it goes on from the line above: same person, a short while later. */
  readonly continues: boolean;
  /** What tells its author from a namesake. */
  readonly tail: string | undefined;
  /** Whether it is the first that one has not seen before. */
  readonly isFirstNew: boolean;
}

/** Who has read up to a line and no further: names in order, and how many have none that is known. */
export interface Seen {
  readonly names: readonly string[];
  readonly others: number;
}

/** A message of the room's. */
export interface MessageRow extends Placed {
  readonly kind: "message";
  readonly message: Message;
  readonly quoted: Quoted | undefined;
  readonly change: PendingChange | undefined;
  readonly seen: Seen;
}

/** What is left of a deleted message. */
export interface DeletedRow extends Placed {
  readonly kind: "deleted";
  readonly entry: Tombstone;
  readonly seen: Seen;
}

/** A message of one's own on its way. */
export interface OutgoingRow extends Placed {
  readonly kind: "outgoing";
  readonly message: Outgoing;
  readonly name: string;
  readonly quoted: Quoted | undefined;
}

/** The message that another one answers; `undefined` entry when it is not at hand. */
export interface Quoted {
  readonly seq: number;
  readonly entry: Entry | undefined;
}

/** Lines of one person no further apart than this are shown as one block. */
const BLOCK_MS = 5 * 60_000;

/** The conversation as lines, oldest first; what is on its way comes last, as it was written. */
export function rows(state: ChatState): readonly Row[] {
  const seen = seenBy(state.entries, state.reads, state.me);
  const tails = tailsOf(state.names);
  const place = placing(state, tails);
  const name = state.names.get(state.me) ?? "";
  return [
    ...state.entries.map((entry) =>
      entryRow(state, entry, place(entry), readers(seen.get(entry.seq), state.names, tails)),
    ),
    ...state.outgoing.map((message): Row => {
      const placed = place({ ...message, userId: state.me });
      const quoted = quote(state.entries, message.replyTo);
      return { kind: "outgoing", ...placed, message, name, quoted };
    }),
  ];
}

type Line = Entry | (Outgoing & { readonly userId: string });

/** Places lines, one after the other. */
function placing(state: ChatState, tails: Tails): (line: Line) => Placed {
  const { entries } = state;
  const firstNew = firstNewSeq(state);
  const first = entries.find(({ timestamp }) => timestamp !== undefined)?.timestamp;
  let above: Line | undefined;
  let before: string | undefined;
  return (line) => {
    // What has no time of its own stands on the day of the lines around it.
    const moment = line.timestamp ?? before ?? first;
    const day = moment === undefined ? undefined : newDay(before, moment);
    const isFirstNew = "seq" in line && line.seq === firstNew;
    const continues = day === undefined && !isFirstNew && isSameBlock(above, line);
    above = line;
    before = moment;
    const tail = line.userId === undefined ? undefined : tails.get(line.userId);
    return { key: keyOf(line), day, continues, tail, isFirstNew };
  };
}

function keyOf(line: Line): string {
  const seq = "seq" in line ? line.seq : 0;
  return line.messageId === undefined ? `#${seq}` : `${line.userId}/${line.messageId}`;
}

function newDay(before: string | undefined, moment: string): string | undefined {
  return before === undefined || dayOf(before) !== dayOf(moment) ? moment : undefined;
}

function dayOf(timestamp: string): string {
  return new Date(timestamp).toDateString();
}

function isSameBlock(above: Line | undefined, line: Line): boolean {
  if (above?.timestamp === undefined || line.timestamp === undefined) return false;
  if ("replyTo" in line && line.replyTo !== undefined) return false;
  const apartMs = Date.parse(line.timestamp) - Date.parse(above.timestamp);
  return above.userId === line.userId && !("deleted" in above) && apartMs < BLOCK_MS;
}

/** The first message of others after where one left off; unknown while that place is not at hand. */
function firstNewSeq({ entries, older, leftOffAt, me }: ChatState): number | undefined {
  if (leftOffAt === undefined) return undefined;
  const isAtHand = older.state === "complete" || (entries[0]?.seq ?? 0) <= leftOffAt;
  if (!isAtHand) return undefined;
  return entries.find((entry) => entry.seq > leftOffAt && !isDeleted(entry) && entry.userId !== me)
    ?.seq;
}

function entryRow(state: ChatState, entry: Entry, place: Placed, seen: Seen): Row {
  if (isDeleted(entry)) return { kind: "deleted", ...place, entry, seen };
  return {
    kind: "message",
    ...place,
    message: entry,
    quoted: quote(state.entries, entry.replyTo),
    change: state.changes.get(entry.seq),
    seen,
  };
}

function quote(entries: readonly Entry[], seq: number | undefined): Quoted | undefined {
  return seq === undefined ? undefined : { seq, entry: findEntry(entries, seq) };
}

const NOBODY: Seen = { names: [], others: 0 };

function readers(
  userIds: readonly string[] | undefined,
  names: ReadonlyMap<string, string>,
  tails: Tails,
): Seen {
  if (userIds === undefined) return NOBODY;
  const known = userIds.flatMap((userId) => {
    const name = names.get(userId);
    if (name === undefined) return [];
    const tail = tails.get(userId);
    return [shownName(name) + (tail === undefined ? "" : ` ·${tail}`)];
  });
  return { names: known.sort(), others: userIds.length - known.length };
}
