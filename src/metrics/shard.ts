import { fnv1a } from "../protocol/fnv1a.ts";

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

/** The shard of a room: always the same, for it settles what the room said before. */
export function shardOf(room: string): string {
  return SHARD_NAMES[(fnv1a(room) >>> 0) % SHARDS] ?? "shard-0";
}
