import type { Message } from "../../../client/index.ts";
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
}

/** A message of the room's. */
export interface MessageRow extends Placed {
  readonly kind: "message";
  readonly message: Message;
  readonly quoted: Quoted | undefined;
  readonly change: PendingChange | undefined;
  /** Names of who has read up to here and no further, as one text. */
  readonly seen: string;
}

/** What is left of a deleted message. */
export interface DeletedRow extends Placed {
  readonly kind: "deleted";
  readonly entry: Tombstone;
  readonly seen: string;
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
  const place = placing(state.entries);
  const name = state.names.get(state.me) ?? "";
  return [
    ...state.entries.map((entry) =>
      entryRow(state, entry, place(entry), seenText(seen.get(entry.seq), state.names)),
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
function placing(entries: readonly Entry[]): (line: Line) => Placed {
  const first = entries.find(({ timestamp }) => timestamp !== undefined)?.timestamp;
  let above: Line | undefined;
  let before: string | undefined;
  return (line) => {
    // What has no time of its own stands on the day of the lines around it.
    const moment = line.timestamp ?? before ?? first;
    const day = moment === undefined ? undefined : newDay(before, moment);
    const continues = day === undefined && isSameBlock(above, line);
    above = line;
    before = moment;
    return { key: keyOf(line), day, continues };
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

function entryRow(state: ChatState, entry: Entry, place: Placed, seen: string): Row {
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

/** Names shown before the rest is only counted. */
const NAMES_SHOWN = 3;

function seenText(
  userIds: readonly string[] | undefined,
  names: ReadonlyMap<string, string>,
): string {
  if (userIds === undefined) return "";
  const known = userIds.flatMap((userId) => names.get(userId) ?? []).sort();
  const shown = known.slice(0, NAMES_SHOWN);
  const rest = userIds.length - shown.length;
  const counted = rest === 0 ? [] : [shown.length === 0 ? people(rest) : `${rest} more`];
  return listNames([...shown, ...counted]);
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

/** "A", "A and B", "A, B and C". */
export function listNames(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
