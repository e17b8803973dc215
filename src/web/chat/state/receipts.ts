import { type Entry, lastIndexUpTo } from "./entry.ts";

/** How far each person has read. */
export type Reads = ReadonlyMap<string, number>;

/** Receipts only ever move up. */
export function advance(reads: Reads, userId: string, upTo: number): Reads {
  return (reads.get(userId) ?? 0) >= upTo ? reads : new Map(reads).set(userId, upTo);
}

/**
 * Who has read up to which message and no further, by its seq. Oneself and a message's own author
 * are left out: that they have seen it says nothing.
 */
export function seenBy(
  entries: readonly Entry[],
  reads: Reads,
  me: string,
): ReadonlyMap<number, readonly string[]> {
  const seen = new Map<number, string[]>();
  for (const [userId, upTo] of reads) {
    const last = entries[lastIndexUpTo(entries, upTo)];
    if (last === undefined || userId === me || last.userId === userId) continue;
    const readers = seen.get(last.seq);
    if (readers === undefined) seen.set(last.seq, [userId]);
    else readers.push(userId);
  }
  return seen;
}

/** How many messages of others one has not read. */
export function unreadCount(entries: readonly Entry[], reads: Reads, me: string): number {
  return entries
    .slice(lastIndexUpTo(entries, reads.get(me) ?? 0) + 1)
    .filter((entry) => !("deleted" in entry) && entry.userId !== me).length;
}
