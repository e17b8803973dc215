/**
 * Objects that share the counting. Each takes the reports of its rooms: at one report a room every
 * 8 s and 500 requests/s an object (PLATFORM), sixteen carry some 60,000 rooms that are all busy.
 * It may be raised; lowering it would lose what the last shards have counted.
 */
const SHARDS = 16;

/** Names of all shards. */
export const SHARD_NAMES: readonly string[] = Array.from(
  { length: SHARDS },
  (_, i) => `shard-${i}`,
);

/** The shard of a room: always the same, for it settles what the room said before (FNV-1a). */
export function shardOf(room: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < room.length; i++) {
    hash = Math.imul(hash ^ room.charCodeAt(i), 0x01000193) >>> 0;
  }
  return SHARD_NAMES[hash % SHARDS] ?? "shard-0";
}
