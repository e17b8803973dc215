import type { Connection } from "../connections/connection.ts";
import type { RequestMemory } from "../dedupe/request-memory.ts";
import type { GuardedRoom } from "../hooks/guarded-room.ts";
import type { RoomKind } from "../hooks/kind.ts";
import type { Subscription } from "../hooks/subscription.ts";
import type { Receipts } from "../store/receipts.ts";
import type { RoomStore } from "../store/store.ts";

/** The state that decisions read and effects change. */
export interface RoomState {
  readonly name: string;
  readonly kind: RoomKind;
  /** What is special to it, by its kind. */
  readonly special: GuardedRoom;
  readonly store: RoomStore;
  readonly subscriptions: readonly Subscription[];
  readonly requests: RequestMemory;
  readonly receipts: Receipts;
  readonly connections: ReadonlyMap<string, Connection>;
  /** Notes what code of the kind has thrown where nobody waits for an answer. */
  readonly failed: (failure: unknown) => void;
}
