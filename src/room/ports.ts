import type { RoomLimits } from "../protocol/settings.ts";
import type { RoomSockets } from "./connections/sockets.ts";
import type { RoomStore } from "./store/store.ts";

/** What a room stands on. */
export interface RoomPorts {
  readonly store: RoomStore;
  readonly sockets: RoomSockets;
  readonly limits: RoomLimits;
}
