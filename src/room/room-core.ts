import { BOUNDS } from "../protocol/limits.ts";
import type { Connection } from "./connections/connection.ts";
import { Due } from "./connections/due.ts";
import { Counters } from "./counting/counters.ts";
import { RequestMemory } from "./dedupe/request-memory.ts";
import { Queue } from "./flush/queue.ts";
import type { RoomState } from "./flush/room-state.ts";
import { GuardedRoom } from "./hooks/guarded-room.ts";
import type { RoomKind } from "./hooks/kind.ts";
import { Outlet } from "./outlet/outlet.ts";
import { StateFeed } from "./outlet/state-feed.ts";
import type { RoomPorts } from "./ports.ts";
import { Appearances } from "./presence/appearances.ts";
import { Roster } from "./presence/roster.ts";
import { RequestQuota } from "./quota/request-quota.ts";
import { Receipts } from "./store/receipts.ts";
import { Ticking } from "./ticking.ts";

/** What the parts of one room share: its ports, its state, and the ways into and out of it. */
export interface RoomCore extends RoomPorts {
  readonly state: RoomState;
  readonly roster: Roster;
  /** What people show of themselves. */
  readonly appearances: Appearances;
  readonly queue: Queue;
  readonly outlet: Outlet;
  /** Tells the state to those who do not fold it. */
  readonly feed: StateFeed;
  readonly due: Due;
  /** Tells what goes on by itself, where the room's kind has such. */
  readonly ticking: Ticking;
  /** What everyone may ask over HTTP. */
  readonly requests: RequestQuota;
  /** What happens here, counted. */
  readonly counters: Counters;
  /** What code of the kind has thrown where nobody waited for an answer, for the next flush to tell. */
  readonly failures: unknown[];
}

/** The core of a room that begins or wakes, from what is stored. */
export function openCore(name: string, kind: RoomKind, roomPorts: RoomPorts): RoomCore {
  const { store, sockets, limits, subscriptions = [] } = roomPorts;
  const roster = new Roster({ showsPeople: kind.presence });
  const { connections } = roster;
  const appearances = new Appearances(roster, sockets);
  const counters = new Counters(kind);
  const receipts = new Receipts(
    kind.receipts ? store.receipts.load(BOUNDS.receiptsKept) : new Map(),
  );
  const failures: unknown[] = [];
  const failed = (failure: unknown) => {
    counters.refused("internal");
    counters.failed(failure);
    failures.push(failure);
  };
  const ports = {
    name,
    store,
    limits,
    subscriptions,
    connections,
    appearances,
    isHere: (userId: string) => roster.isHere(userId),
    keep: (connection: Connection, ofKind: string | undefined) => {
      connection.session = { ...connection.session, ofKind };
      sockets.save(connection.id, connection.session);
    },
    failed,
    hasRead: (userId: string) => receipts.upTo(userId) > 0,
  };
  const special = new GuardedRoom(kind.open(ports), failed);
  const requests = new RequestMemory(store.log, store.keys);
  const outlet = new Outlet(counters, roomPorts);
  const queue = new Queue();
  const due = new Due(limits, sockets);
  return {
    ...roomPorts,
    state: { name, kind, special, store, subscriptions, requests, receipts, connections, failed },
    roster,
    appearances,
    queue,
    outlet,
    feed: new StateFeed(special, outlet),
    due,
    ticking: new Ticking({ special, roster, counters, outlet, queue, due }),
    requests: new RequestQuota(limits),
    counters,
    failures,
  };
}
