import type { RoomApi } from "../objects/room-api.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { callObject } from "./call-object.ts";
import type { Env } from "./env.ts";

/** A room as the Worker sees it: RPC, and `fetch` for what RPC cannot carry, a WebSocket. */
export type RoomStub = RoomApi & Pick<Fetcher, "fetch">;

/** Calls a room; see {@link callObject}. */
export function callRoom<T>(
  env: Env,
  room: RoomName,
  call: (stub: RoomStub) => Promise<T>,
): Promise<T> {
  return callObject("The room", (): RoomStub => env.ROOM.getByName(room.name), call);
}
