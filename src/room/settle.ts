import { type Asked, NOTHING_KNOWN, type Recollection } from "./dedupe/request-memory.ts";
import { Flush } from "./flush.ts";
import { isStoredFrame } from "./frame.ts";
import type { Batch, QueueItem } from "./queue.ts";
import type { RoomState } from "./room-state.ts";
import type { Settled } from "./settled.ts";

/**
 * Decides everything that waits, in order, and stores it in one transaction. When that fails,
 * every sender in it is refused and only what needed no storage is told.
 */
export function settle(batch: Batch, state: RoomState, now: number): Settled {
  let known = NOTHING_KNOWN;
  try {
    known = state.requests.recall(batch.items.flatMap(askedBy), now);
    const flush = new Flush(state, known, { stores: true });
    state.store.log.transaction(() => {
      takeAll(batch, flush);
      flush.save(now);
    });
    return flush.settled(now);
  } catch (failure) {
    state.special.rolledBack();
    return settleFailure(batch, state, known, now, failure);
  }
}

function settleFailure(
  batch: Batch,
  state: RoomState,
  known: Recollection,
  now: number,
  failure: unknown,
): Settled {
  const flush = new Flush(state, known, { stores: false });
  takeAll(batch, flush);
  // The first cause, whatever stumbled after it.
  return { ...flush.settled(now), failure };
}

function askedBy(item: QueueItem): readonly Asked[] {
  if (item.kind !== "frame" || !isStoredFrame(item.frame)) return [];
  const { frame, actor, at } = item;
  const { messageId, sentAt } = frame;
  return [{ userId: actor.userId, messageId, sentAt, at, backend: actor.backend === true }];
}

function takeAll({ items, first }: Batch, flush: Flush): void {
  items.forEach((item, index) => {
    flush.take(item, first + index);
  });
}
