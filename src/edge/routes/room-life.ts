import { Hono } from "hono/tiny";
import { ProtocolError } from "../../protocol/error.ts";
import { enterAsBackend } from "../backend.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
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
