import type { RoomLimits } from "../protocol/settings.ts";
import type { RoomSockets } from "./connections/sockets.ts";
import type { Reviewer } from "./hooks/review.ts";
import type { Subscription } from "./hooks/subscription.ts";
import type { RoomStore } from "./store/store.ts";

/** What a room stands on. */
export interface RoomPorts {
  readonly store: RoomStore;
  readonly sockets: RoomSockets;
  readonly limits: RoomLimits;
  /** Who outside hears of what is stored here; nobody when absent. */
  readonly subscriptions?: readonly Subscription[] | undefined;
  /** Who looks at frames before they are queued; nobody when absent. */
  readonly reviewer?: Reviewer | undefined;
  /** A new id that cannot be guessed. */
  readonly newId: () => string;
  /** From 0 up to 1: what is decided by chance, so that nobody can count on it. */
  readonly random: () => number;
}
