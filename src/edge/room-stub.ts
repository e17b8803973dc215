import type { RoomApi } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { Env } from "./env.ts";

/** A room as the Worker sees it: RPC, and `fetch` for what RPC cannot carry, a WebSocket. */
export type RoomStub = RoomApi & Pick<Fetcher, "fetch">;

const TRIES = 3;
const BACKOFF_MS = 50;

/**
 * Calls a room, and again with a new stub when the platform says that helps (a room that is being
 * moved). An overloaded room is never called again: that would make it worse.
 *
 * @throws {ProtocolError} `rate_limited` when it is overloaded.
 */
export async function callRoom<T>(
  env: Env,
  room: RoomName,
  call: (stub: RoomStub) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call(env.ROOM.getByName(room.name));
    } catch (error) {
      if (hasFlag(error, "overloaded")) {
        throw new ProtocolError("rate_limited", "The room is overloaded. Try again later.", 1_000);
      }
      if (tries === TRIES || !hasFlag(error, "retryable")) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * BACKOFF_MS * 2 ** tries));
    }
  }
}

function hasFlag(error: unknown, flag: "overloaded" | "retryable"): boolean {
  return error instanceof Error && Reflect.get(error, flag) === true;
}
