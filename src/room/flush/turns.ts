import type { GuardedRoom } from "../hooks/guarded-room.ts";
import type { Batch, QueueItem } from "./queue.ts";

type FrameItem = Extract<QueueItem, { readonly kind: "frame" }>;

/**
 * A batch in which those who have waited longest come first, of a kind that knows who waits. What one
 * of them has sent stays in its order, and what is no frame in its place.
 */
export function inTurn(batch: Batch, room: Pick<GuardedRoom, "hasTurns" | "waitingSince">): Batch {
  if (!room.hasTurns) return batch;
  const frames = batch.items
    .filter((item): item is FrameItem => item.kind === "frame")
    .map((item) => ({ item, since: room.waitingSince(item.actor) }))
    .sort((one, other) => (one.since === other.since ? 0 : one.since - other.since));
  let next = 0;
  const items = batch.items.map((item) => {
    if (item.kind !== "frame") return item;
    const turn = frames[next]?.item ?? item;
    next += 1;
    return turn;
  });
  return { ...batch, items };
}
