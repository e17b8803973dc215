import type { RoomApi } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import { DEPLOYMENT_UNDER_WAY } from "../protocol/inner-version.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { callObject } from "./call-object.ts";
import type { Env } from "./env.ts";

/** A room as the Worker sees it: RPC, and `fetch` for what RPC cannot carry, a WebSocket. */
export type RoomStub = RoomApi & Pick<Fetcher, "fetch">;

/** Calls a room; see {@link callObject}. During a deployment it may be one of older code. */
export function callRoom<T>(
  env: Env,
  room: RoomName,
  call: (stub: RoomStub) => Promise<T>,
): Promise<T> {
  return callObject(
    "The room",
    (): RoomStub => env.ROOM.getByName(room.name),
    async (stub) => {
      try {
        return await call(stub);
      } catch (error) {
        throw lacksMethod(error) ? ProtocolError.of(DEPLOYMENT_UNDER_WAY) : error;
      }
    },
  );
}

/** Whether an object of older code was asked for what it does not know (wording of workerd, 2026-11). */
function lacksMethod(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes("does not implement the method");
}
