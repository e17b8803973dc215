import { type Context, Hono } from "hono";
import type * as z from "zod";
import type { Actor, HttpFrame } from "../../objects/room-api.ts";
import { userIdSchema } from "../../protocol/client-frame-schema.ts";
import { ProtocolError } from "../../protocol/error.ts";
import {
  historyQuerySchema,
  kickQuerySchema,
  lastValueParamSchema,
  seqParamSchema,
} from "../../protocol/http.ts";
import type { Delivered, People } from "../../protocol/http-answer.ts";
import { type BodySchemas, bodySchemas } from "../../protocol/http-body-schema.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { actorOf } from "../caller.ts";
import { conditional } from "../conditional.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, logRoom, pathParam, readBody, readQuery, requestKey } from "../input.ts";
import { callRoom } from "../room-stub.ts";

type RoomContext = Context<AppEnv, string>;

/** The rooms over HTTP (CONTRACT §6). */
export const rooms = new Hono<AppEnv>()
  .get("/:room/messages", conditional, async (c) => {
    const query = readQuery(historyQuerySchema, c.req.raw);
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.history(actor, query));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": "application/json",
      "Cache-Control": "private, no-cache",
    });
  })
  .post("/:room/messages", async (c) => {
    const { room, actor } = await enter(c);
    requireName(actor);
    const { messageId, ...payload } = await body(c, (bodies) => bodies.sendMessage);
    return submit(c, room, actor, {
      type: "send_message",
      ...requestKey(c.req.raw, messageId),
      payload,
    });
  })
  .patch("/:room/messages/:seq", async (c) => {
    const seq = check(seqParamSchema, c.req.param("seq"), "seq");
    const { room, actor } = await enter(c);
    const { content } = await body(c, (bodies) => bodies.editMessage);
    return submit(c, room, actor, {
      type: "edit_message",
      ...requestKey(c.req.raw),
      payload: { seq, content },
    });
  })
  .delete("/:room/messages/:seq", async (c) => {
    const seq = check(seqParamSchema, c.req.param("seq"), "seq");
    const { room, actor } = await enter(c);
    return submit(c, room, actor, {
      type: "delete_message",
      ...requestKey(c.req.raw),
      payload: { seq },
    });
  })
  .post("/:room/messages/:seq/reactions", async (c) => {
    const seq = check(seqParamSchema, c.req.param("seq"), "seq");
    const { room, actor } = await enter(c);
    requireName(actor);
    const reaction = await body(c, (bodies) => bodies.react);
    return submit(c, room, actor, {
      type: "react",
      ...requestKey(c.req.raw),
      payload: { seq, ...reaction },
    });
  })
  .get("/:room/users", async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.users(actor));
    if (!result.ok) return failure(result.error);
    const people: People = { users: result.value };
    return c.json(people);
  })
  .get("/:room/stats", async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.stats(actor));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .post("/:room/publish", async (c) => {
    const { room, actor } = await enter(c);
    const payload = await body(c, (bodies) => bodies.publish);
    return submit(c, room, actor, { type: "publish", payload });
  })
  .post("/:room/read", async (c) => {
    const { room, actor } = await enter(c);
    requireName(actor);
    return submit(
      c,
      room,
      actor,
      room.kind === "inbox"
        ? {
            type: "read_notifications",
            payload: await body(c, (bodies) => bodies.readNotifications),
          }
        : { type: "read_messages", payload: await body(c, (bodies) => bodies.readMessages) },
    );
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
  const room = logRoom(c.req.param("room") ?? "");
  return { room, actor: await actorOf(c.req.raw, c.env, c.var.settings, room) };
}

async function submit(
  c: RoomContext,
  room: RoomName,
  actor: Actor,
  frame: HttpFrame,
): Promise<Response> {
  const outcome = await callRoom(c.env, room, (stub) => stub.submit(actor, frame));
  if (!outcome.ok) return failure(outcome.error);
  if (outcome.delivered !== undefined) {
    const delivered: Delivered = { delivered: outcome.delivered };
    return c.json(delivered, 202);
  }
  if (outcome.saved === undefined) return c.body(null, 204);
  const created = frame.type === "send_message" && outcome.saved.duplicate === undefined;
  return c.json(outcome.saved, created ? 201 : 200);
}

function requireName(actor: Actor & { readonly named?: boolean }): void {
  if (actor.named !== false) return;
  throw new ProtocolError("invalid_request", "The API key speaks for somebody: add ?as=<userId>.");
}

function body<T extends z.ZodType>(
  c: RoomContext,
  pick: (bodies: BodySchemas) => T,
): Promise<z.output<T>> {
  const { contentChars, frameBytes } = c.var.settings.limits;
  return readBody(pick(bodySchemas(contentChars)), c.req.raw, frameBytes);
}
