import type { GuardedRoom } from "../hooks/guarded-room.ts";
import type { Batch, QueueItem } from "./queue.ts";

type FrameItem = Extract<QueueItem, { readonly kind: "frame" }>;
type Waiters = Pick<GuardedRoom, "hasTurns" | "waitingSince">;

/**
 * A batch in which those who have waited longest come first, of a kind that knows who waits. What one
 * of them has sent stays in its order, and what is no frame in its place. Nothing passes what is told
 * under a name: of that the newest counts.
 */
export function inTurn(batch: Batch, room: Waiters): Batch {
  if (!room.hasTurns) return batch;
  const runs: QueueItem[][] = [[]];
  for (const item of batch.items) {
    if (item.kind === "tell" && item.conflated !== undefined) runs.push([item]);
    else runs.at(-1)?.push(item);
  }
  return { ...batch, items: runs.flatMap((run) => longestFirst(run, room)) };
}

function longestFirst(items: readonly QueueItem[], room: Waiters): readonly QueueItem[] {
  const frames = items
    .filter((item): item is FrameItem => item.kind === "frame")
    .map((item) => ({ item, since: room.waitingSince(item.actor) }))
    .sort((one, other) => (one.since === other.since ? 0 : one.since - other.since));
  let next = 0;
  return items.map((item) => {
    if (item.kind !== "frame") return item;
    const turn = frames[next]?.item ?? item;
    next += 1;
    return turn;
  });
}
