import { type Refusal, refusal } from "../../protocol/error.ts";
import { REQUEST_FAILED } from "../../protocol/refusals.ts";
import { type Asked, NOTHING_KNOWN, type Recollection } from "../dedupe/request-memory.ts";
import { isStoredFrame } from "../frame.ts";
import { hooksIn } from "../hooks/rule-failure.ts";
import { StorageError } from "../store/storage-error.ts";
import { newestOfConflated } from "./conflation.ts";
import { Flush } from "./flush.ts";
import { answersTo } from "./questions.ts";
import type { Batch, QueueItem } from "./queue.ts";
import type { RoomState } from "./room-state.ts";
import type { Settled, Unanswered } from "./settled.ts";
import { inTurn } from "./turns.ts";

const STORAGE_FAILED = refusal(
  "internal",
  "The room could not store this; nothing changed. Send it again.",
);

/**
 * Decides everything that waits, in order, and stores it in one transaction. When the database fails,
 * every sender in it is refused and only what needed no storage is told. When one of the frames
 * fails, it alone is refused: each is settled by itself then.
 */
export function settle(batch: Batch, state: RoomState, now: number): Settled {
  const settled = settleAfter(NOBODY, inTurn(batch, state.special), state, now);
  if (settled.queries.length === 0) return settled;
  const { outgoing, refused, blamed, failure } = answersTo(settled.queries, now);
  return {
    ...settled,
    // Each goes to one connection alone, whose own frames come after all others anyway.
    outgoing: [...settled.outgoing, ...outgoing],
    refused: [...settled.refused, ...refused],
    blamed: [...settled.blamed, ...blamed],
    failure: settled.failure ?? failure,
  };
}

const NOBODY: readonly string[] = [];

/** @param closed connections that are closed by what was settled before. */
function settleAfter(
  closed: readonly string[],
  batch: Batch,
  state: RoomState,
  now: number,
): Unanswered {
  let known = NOTHING_KNOWN;
  try {
    known = state.requests.recall(
      batch.items.flatMap((item) => askedBy(item, state)),
      now,
    );
    state.special.begin();
    const flush = new Flush(state, known, closed);
    state.store.log.transaction(() => {
      takeAll(batch, flush);
      flush.save(now);
    });
    return flush.settled(now);
  } catch (failure) {
    state.special.rolledBack();
    if (failure instanceof StorageError) {
      return settleFailure(batch, state, { known, closed }, now, failure, STORAGE_FAILED);
    }
    return batch.items.length > 1
      ? settleEach(batch, state, now)
      : settleFailure(batch, state, { known, closed }, now, failure, REQUEST_FAILED);
  }
}

/** Settles each item in a transaction of its own. */
function settleEach({ items, first }: Batch, state: RoomState, now: number): Unanswered {
  const closed: string[] = [];
  const each = items.map((item, index) => {
    const settled = settleAfter(closed, { items: [item], first: first + index }, state, now);
    if (item.kind === "frame") closed.push(...settled.closings.map((one) => one.connectionId));
    return settled;
  });
  const failure = each.find((one) => one.failure !== undefined)?.failure;
  return {
    outgoing: newestOfConflated(each.flatMap(({ outgoing }) => outgoing)),
    closings: each.flatMap(({ closings }) => closings),
    answers: each.flatMap(({ answers }) => answers),
    queries: each.flatMap(({ queries }) => queries),
    refused: each.flatMap(({ refused }) => refused),
    blamed: each.flatMap(({ blamed }) => blamed),
    appended: each.reduce((sum, { appended }) => sum + appended, 0),
    deliveries: each.reduce((sum, { deliveries }) => sum + deliveries, 0),
    buried: {
      letters: each.reduce((sum, { buried }) => sum + buried.letters, 0),
      dropped: each.reduce((sum, { buried }) => sum + buried.dropped, 0),
    },
    audits: each.flatMap(({ audits }) => audits),
    ...(failure === undefined ? {} : { failure }),
  };
}

function settleFailure(
  batch: Batch,
  state: RoomState,
  { known, closed }: { readonly known: Recollection; readonly closed: readonly string[] },
  now: number,
  failure: unknown,
  refusal: Refusal,
): Unanswered {
  // Nobody is left to be refused by what fails here.
  state.special.guarded(undefined, () => state.special.begin());
  const flush = new Flush(state, known, closed, refusal);
  takeAll(batch, flush);
  const settled = flush.settled(now);
  // The first cause, whatever stumbled after it.
  return { ...settled, blamed: [...hooksIn([failure]), ...settled.blamed], failure };
}

function askedBy(item: QueueItem, { special }: RoomState): readonly Asked[] {
  if (item.kind !== "frame" || !isStoredFrame(item.frame)) return [];
  const { frame, actor, at } = item;
  const { messageId } = frame;
  const sentAt = frame.sentAt === undefined ? undefined : special.seqAt(frame.sentAt);
  return [{ userId: actor.userId, messageId, sentAt, at, backend: actor.backend === true }];
}

function takeAll({ items, first }: Batch, flush: Flush): void {
  items.forEach((item, index) => {
    flush.take(item, first + index);
  });
}
