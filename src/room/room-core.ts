import { BOUNDS } from "../protocol/limits.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { ArrivalQuota } from "./arrival-quota.ts";
import { Counters } from "./counters.ts";
import { RequestMemory } from "./dedupe/request-memory.ts";
import { Due } from "./due.ts";
import { KnownPeople } from "./known-people.ts";
import { LastValues } from "./last-values.ts";
import { MentionQuota } from "./mention-quota.ts";
import { Outlet } from "./outlet.ts";
import type { RoomPorts } from "./ports.ts";
import { Queue } from "./queue.ts";
import { Receipts } from "./receipts.ts";
import { RequestQuota } from "./request-quota.ts";
import type { RoomState } from "./room-state.ts";
import { Roster } from "./roster.ts";

/** What the parts of one room share: its ports, its state, and the ways into and out of it. */
export interface RoomCore extends RoomPorts {
  readonly state: RoomState;
  readonly roster: Roster;
  readonly queue: Queue;
  readonly outlet: Outlet;
  readonly due: Due;
  /** What everyone may ask over HTTP. */
  readonly requests: RequestQuota;
  /** What happens here, counted. */
  readonly counters: Counters;
}

/** The core of a room that begins or wakes, from what is stored. */
export function openCore(
  { name, kind }: RoomName<RoomState["kind"]>,
  { store, sockets, limits }: RoomPorts,
): RoomCore {
  // Watchers of a topic come and go by the thousands, and an inbox is one person's.
  const roster = new Roster({ showsPeople: kind === "chat" });
  const counters = new Counters();
  const receipts = new Receipts(
    kind === "chat" ? store.receipts.load(BOUNDS.receiptsKept) : new Map(),
  );
  const state: RoomState = {
    name,
    kind,
    store,
    requests: new RequestMemory(store.log, store.keys),
    receipts,
    lastValues: new LastValues(kind === "topic" ? store.lastValues.load() : new Map()),
    people: new KnownPeople(store.writers, {
      isHere: (userId) => roster.isHere(userId),
      hasRead: (userId) => receipts.upTo(userId) > 0,
    }),
    mentions: new MentionQuota(limits, store.log),
    arrivals: new ArrivalQuota(limits, store.inbox),
    connections: roster.connections,
  };
  return {
    store,
    sockets,
    limits,
    state,
    roster,
    queue: new Queue(),
    outlet: new Outlet(sockets, counters, limits),
    due: new Due(limits, sockets),
    requests: new RequestQuota(limits),
    counters,
  };
}
