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
  const all: Row[] = [];
  let above: Line | undefined;
  for (const entry of state.entries) {
    const place = placed(above, entry);
    all.push(entryRow(state, entry, place, seenText(seen.get(entry.seq), state.names)));
    above = entry;
  }
  for (const message of state.outgoing) {
    const line = { ...message, userId: state.me };
    const name = state.names.get(state.me) ?? "";
    const place = placed(above, line);
    const quoted = quote(state.entries, message.replyTo);
    all.push({ kind: "outgoing", ...place, message, name, quoted });
    above = line;
  }
  return all;
}

type Line = Entry | (Outgoing & { readonly userId: string });

function placed(above: Line | undefined, line: Line): Placed {
  const day = line.timestamp === undefined ? undefined : newDay(above, line.timestamp);
  const seq = "seq" in line ? line.seq : 0;
  return {
    key: line.messageId === undefined ? `#${seq}` : `${line.userId}/${line.messageId}`,
    day,
    continues: day === undefined && isSameBlock(above, line),
  };
}

function newDay(above: Line | undefined, timestamp: string): string | undefined {
  const before = above?.timestamp;
  return before === undefined || dayOf(before) !== dayOf(timestamp) ? timestamp : undefined;
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
