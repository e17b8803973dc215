import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Actor } from "../../objects/room-api.ts";
import { userIdSchema } from "../../protocol/field-schema.ts";
import { historyQuerySchema, kickQuerySchema, lastValueParamSchema } from "../../protocol/http.ts";
import type { People } from "../../protocol/http-answer.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { requestActor } from "../caller.ts";
import { conditional, entityTag } from "../conditional.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, logRoom, pathParam, readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";

type RoomContext = Context<AppEnv, string>;

/** The rooms over HTTP (P7.4). */
export const rooms = new Hono<AppEnv>()
  .get("/:room/messages", conditional, async (c) => {
    const query = readQuery(historyQuerySchema, c.req.raw);
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.history(actor, query));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": "application/json",
      "Cache-Control": "private, no-cache",
      ETag: await entityTag(result.value),
    });
  })
  .get("/:room/snapshot", conditional, async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.snapshot(actor));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": "application/json",
      "Cache-Control": "private, no-cache",
      ETag: await entityTag(result.value),
    });
  })
  .get("/:room/users", async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.users(actor));
    if (!result.ok) return failure(result.error);
    // What they show came as JSON, and is handed on as such.
    const people: People = { users: result.value as People["users"] };
    return c.json(people);
  })
  .get("/:room/stats", async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.stats(actor));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .delete("/:room/users/:userId", async (c) => {
    const userId = check(userIdSchema, pathParam(c.req.raw, c.req.param("userId")), "userId");
    const { ban = 0 } = readQuery(kickQuerySchema, c.req.raw);
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.kick(actor, userId, ban));
    return result.ok ? c.json(result.value) : failure(result.error);
  })
  .delete("/:room/last/:event", async (c) => {
    const event = check(lastValueParamSchema, pathParam(c.req.raw, c.req.param("event")), "event");
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.forgetLast(actor, event));
    return result.ok ? c.body(null, 204) : failure(result.error);
  })
  .delete("/:room/bans/:userId", async (c) => {
    const userId = check(userIdSchema, pathParam(c.req.raw, c.req.param("userId")), "userId");
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.unban(actor, userId));
    return result.ok ? c.body(null, 204) : failure(result.error);
  });

/** Who may do what is the room's to say; who it is, is ours. */
async function enter(c: RoomContext): Promise<{ room: RoomName; actor: Actor }> {
  const room = logRoom(c.req.raw, c.req.param("room"));
  return { room, actor: await requestActor(c, room) };
}
