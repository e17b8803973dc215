import type { Context } from "hono";
import type { Actor } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import { BACKEND_ONLY } from "../protocol/refusals.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { requestActor } from "./caller.ts";
import type { AppEnv } from "./env.ts";
import { logRoom } from "./input.ts";

/**
 * The room that a request of the backend's is about.
 *
 * @throws {ProtocolError} `access_denied` for a user, whatever its token grants.
 */
export async function enterAsBackend(
  c: Context<AppEnv, string>,
): Promise<{ room: RoomName; actor: Actor }> {
  const room = logRoom(c.req.raw, c.req.param("room"));
  const actor = await requestActor(c, room);
  if (actor.backend === true) return { room, actor };
  throw ProtocolError.of(BACKEND_ONLY);
}
