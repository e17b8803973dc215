import type { DeletedMessage, Message } from "../../../client/index.ts";

/** What is left of a deleted message; who wrote it is known only if it was seen before. */
export interface Tombstone extends DeletedMessage {
  readonly messageId?: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly timestamp?: string;
}

/** One place in the room's order. */
export type Entry = Message | Tombstone;

/** Whether an entry is only what is left of a message. */
export function isDeleted(entry: Entry): entry is Tombstone {
  return "deleted" in entry;
}

/** Index of the last entry whose seq is at most `seq`, or -1. Entries are ordered by seq. */
export function lastIndexUpTo(entries: readonly Entry[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.seq ?? Number.POSITIVE_INFINITY) <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The entry with exactly this seq. */
export function findEntry(entries: readonly Entry[], seq: number): Entry | undefined {
  const entry = entries[lastIndexUpTo(entries, seq)];
  return entry?.seq === seq ? entry : undefined;
}

/** Puts an entry in its place; one that is there already stays as it is. */
export function insertEntry(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const index = lastIndexUpTo(entries, entry.seq);
  if (entries[index]?.seq === entry.seq) return entries;
  return [...entries.slice(0, index + 1), entry, ...entries.slice(index + 1)];
}

/** Replaces the entry with this seq by what `change` makes of it. */
export function replaceEntry(
  entries: readonly Entry[],
  seq: number,
  change: (entry: Entry) => Entry,
): readonly Entry[] {
  const index = lastIndexUpTo(entries, seq);
  const entry = entries[index];
  if (entry?.seq !== seq) return entries;
  const changed = change(entry);
  return changed === entry ? entries : entries.map((one, at) => (at === index ? changed : one));
}

/** Joins a page of older entries with those at hand; what is at hand is newer and wins. */
export function mergeEntries(entries: readonly Entry[], older: readonly Entry[]): readonly Entry[] {
  const known = new Set(entries.map((entry) => entry.seq));
  const added = older.filter((entry) => !known.has(entry.seq));
  return added.length === 0 ? entries : [...added, ...entries].sort((a, b) => a.seq - b.seq);
}
