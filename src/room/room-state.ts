import type { LogKind } from "../protocol/room-name.ts";
import type { ArrivalQuota } from "./arrival-quota.ts";
import type { Connection } from "./connection.ts";
import type { RequestMemory } from "./dedupe/request-memory.ts";
import type { KnownPeople } from "./known-people.ts";
import type { LastValues } from "./last-values.ts";
import type { MentionQuota } from "./mention-quota.ts";
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
