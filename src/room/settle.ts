import type { ErrorCode } from "../protocol/error.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { LogKind } from "../protocol/room-name.ts";
import type { ArrivalQuota } from "./arrival-quota.ts";
import type { Connection } from "./connection.ts";
import type { DedupeWindow } from "./dedupe-window.ts";
import type { Outgoing } from "./fan-out.ts";
import { Flush } from "./flush.ts";
import type { KnownPeople } from "./known-people.ts";
import type { LastValues } from "./last-values.ts";
import type { MentionQuota } from "./mention-quota.ts";
import type { Closing, Queue } from "./queue.ts";
import type { Receipts } from "./receipts.ts";
import type { RoomStore } from "./store.ts";

/** The state that decisions read and effects change. */
export interface RoomState {
  readonly name: string;
  readonly kind: LogKind;
  readonly store: RoomStore;
  readonly dedupe: DedupeWindow;
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
  /** What made the transaction fail; nothing of it was stored or is told. */
  readonly failure?: unknown;
}

/**
 * Decides everything that waits, in order, and stores it in one transaction. When that fails,
 * every sender in it is refused and only what needed no storage is told.
 */
export function settle(queue: Queue, state: RoomState): Settled {
  const { log } = state.store;
  const head = log.head;
  const flush = new Flush(state, { stores: true });
  try {
    log.transaction(() => {
      takeAll(queue, flush);
      flush.save();
    });
    return flush.settled();
  } catch (failure) {
    state.dedupe.forgetAfter(head);
    state.people.forget();
    return settleFailure(queue, state, failure);
  }
}

function settleFailure(queue: Queue, state: RoomState, failure: unknown): Settled {
  const flush = new Flush(state, { stores: false });
  takeAll(queue, flush);
  return { ...flush.settled(), failure };
}

function takeAll({ items, first }: Queue, flush: Flush): void {
  items.forEach((item, index) => {
    flush.take(item, first + index);
  });
}
