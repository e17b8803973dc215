import { type Context, Hono } from "hono";
import type { Actor } from "../../objects/room-api.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { BACKEND_ONLY } from "../../protocol/refusals.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { requestActor } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { logRoom } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/** Rooms as a whole, for the backend alone: their end, and the way out and back in (P7.9). */
export const roomLife = new Hono<AppEnv>()
  .delete("/:room", async (c) => {
    const { room, actor } = await enterAsBackend(c);
    const result = await callRoom(c.env, room, (stub) => stub.erase(actor));
    return result.ok ? c.body(null, 204) : failure(result.error);
  })
  .get("/:room/export", async (c) => {
    const { room, actor } = await enterAsBackend(c);
    const result = await callRoom(c.env, room, (stub) => stub.archive(actor));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": "application/x-ndjson",
      "Cache-Control": "no-store",
    });
  })
  .post("/:room/import", async (c) => {
    const { room, actor } = await enterAsBackend(c);
    const lines = c.req.raw.body;
    if (lines === null)
      throw new ProtocolError("invalid_request", "The body is an export's lines.");
    const result = await callRoom(c.env, room, (stub) => stub.restore(actor, lines));
    return result.ok ? c.json(result.value, 201) : failure(result.error);
  });

/** @throws {ProtocolError} `access_denied` for a user, whatever its token grants. */
async function enterAsBackend(
  c: Context<AppEnv, string>,
): Promise<{ room: RoomName; actor: Actor }> {
  const room = logRoom(c.req.raw, c.req.param("room"));
  const actor = await requestActor(c.req.raw, c.env, c.var.settings, room);
  if (actor.backend === true) return { room, actor };
  throw ProtocolError.of(BACKEND_ONLY);
}
