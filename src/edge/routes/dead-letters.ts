import { Hono } from "hono/tiny";
import { deadLetterIdSchema, deadLettersQuerySchema } from "../../protocol/http.ts";
import { enterAsBackend } from "../backend.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/** What a room has given up, for the backend alone: to be seen, and sent again (P16.7). */
export const deadLetters = new Hono<AppEnv>()
  .get("/:room/dead-letters", async (c) => {
    const query = readQuery(deadLettersQuerySchema, c.req.raw);
    const { room, actor } = await enterAsBackend(c);
    const result = await callRoom(c.env, room, (stub) => stub.deadLetters(actor, query));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .post("/:room/dead-letters/resend", async (c) => {
    const { room, actor } = await enterAsBackend(c);
    const result = await callRoom(c.env, room, (stub) => stub.resend(actor, undefined));
    return result.ok ? c.json(result.value) : failure(result.error);
  })
  .post("/:room/dead-letters/:id/resend", async (c) => {
    const id = check(deadLetterIdSchema, c.req.param("id"), "id");
    const { room, actor } = await enterAsBackend(c);
    const result = await callRoom(c.env, room, (stub) => stub.resend(actor, id));
    return result.ok ? c.json(result.value) : failure(result.error);
  });
