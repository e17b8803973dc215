import type { ErrorCode } from "../protocol/error.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { LogKind } from "../protocol/room-name.ts";
import type { ArrivalQuota } from "./arrival-quota.ts";
import type { Connection } from "./connection.ts";
import { isStoredRequest } from "./decide.ts";
import {
  type Asked,
  NOTHING_KNOWN,
  type Recollection,
  type RequestMemory,
} from "./dedupe/request-memory.ts";
import type { Outgoing } from "./fan-out.ts";
import { Flush } from "./flush.ts";
import type { KnownPeople } from "./known-people.ts";
import type { LastValues } from "./last-values.ts";
import type { MentionQuota } from "./mention-quota.ts";
import type { Batch, Closing, QueueItem } from "./queue.ts";
import type { Receipts } from "./receipts.ts";
import type { RoomStore } from "./store.ts";

/** The state that decisions read and effects change. */
export interface RoomState {
  readonly name: string;
  readonly kind: LogKind;
  readonly store: RoomStore;
  readonly requests: RequestMemory;
  readonly receipts: Receipts;
  readonly lastValues: LastValues;
  readonly people: KnownPeople;
  readonly mentions: MentionQuota;
  readonly arrivals: ArrivalQuota;
  readonly connections: ReadonlyMap<string, Connection>;
}

/** What a flush leaves to be done once its transaction stands. */
export interface Settled {
  readonly outgoing: readonly Outgoing[];
  readonly closings: readonly Closing[];
  readonly answers: readonly (() => void)[];
  /** Why frames were refused, one each. */
  readonly refused: readonly ErrorCode[];
  /** Events appended to the log. */
  readonly appended: number;
  /** Notices waiting in the outbox because of this flush. */
  readonly notices: number;
  /** Deeds to be found in the log afterwards. */
  readonly audits: readonly Audit[];
  /**
   * What made the transaction fail, of which nothing was stored or is told; or what made the decision
   * of a frame fail, which alone was refused.
   */
  readonly failure?: unknown;
}

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
      flush.save();
    });
    return flush.settled(now);
  } catch (failure) {
    state.people.forget();
    // What was spent on notices that never were comes back: both are counted anew from the log.
    state.mentions.forget();
    state.arrivals.forget();
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
  if (item.kind !== "frame" || !isStoredRequest(item.frame)) return [];
  const { frame, actor, at } = item;
  const { messageId, sentAt } = frame;
  return [{ userId: actor.userId, messageId, sentAt, at, backend: actor.backend === true }];
}

function takeAll({ items, first }: Batch, flush: Flush): void {
  items.forEach((item, index) => {
    flush.take(item, first + index);
  });
}
