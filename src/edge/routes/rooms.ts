import { type Context, Hono } from "hono";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import type { z } from "zod";
import type { Actor, HttpFrame } from "../../objects/room-api.ts";
import {
  messageIdSchema,
  type PayloadSchemas,
  payloadSchemas,
  userIdSchema,
} from "../../protocol/client-frame-schema.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { historyQuerySchema, kickQuerySchema, seqParamSchema } from "../../protocol/http.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { actorOf } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, idempotencyKey, logRoom, pathParam, readBody, readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";

type RoomContext = Context<AppEnv, string>;

/**
 * A page of history is the same page while its bytes are the same. A 304 keeps what a browser's
 * own script needs to be let near it. On this route alone: it reads a body to its end.
 */
const conditional = etag({
  retainedHeaders: [
    ...RETAINED_304_HEADERS,
    "access-control-allow-origin",
    "access-control-expose-headers",
  ],
});

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
    const schema = payloads(c).send_message.extend({ messageId: messageIdSchema.optional() });
    const { messageId, ...payload } = await body(c, schema);
    return submit(c, room, actor, {
      type: "send_message",
      messageId: idempotencyKey(c.req.raw) ?? messageId ?? crypto.randomUUID(),
      payload,
    });
  })
  .patch("/:room/messages/:seq", async (c) => {
    const seq = check(seqParamSchema, c.req.param("seq"));
    const { room, actor } = await enter(c);
    const schema = payloads(c).edit_message.omit({ seq: true });
    const { content } = await body(c, schema);
    const messageId = idempotencyKey(c.req.raw) ?? crypto.randomUUID();
    return submit(c, room, actor, { type: "edit_message", messageId, payload: { seq, content } });
  })
  .delete("/:room/messages/:seq", async (c) => {
    const seq = check(seqParamSchema, c.req.param("seq"));
    const { room, actor } = await enter(c);
    const messageId = idempotencyKey(c.req.raw) ?? crypto.randomUUID();
    return submit(c, room, actor, { type: "delete_message", messageId, payload: { seq } });
  })
  .get("/:room/users", async (c) => {
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.users(actor));
    return result.ok ? c.json({ users: result.value }) : failure(result.error);
  })
  .post("/:room/publish", async (c) => {
    const { room, actor } = await enter(c);
    const payload = await body(c, payloads(c).publish);
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
        ? { type: "read_notifications", payload: await body(c, payloads(c).read_notifications) }
        : { type: "read_messages", payload: await body(c, payloads(c).read_messages) },
    );
  })
  .delete("/:room/users/:userId", async (c) => {
    const userId = check(userIdSchema, pathParam(c.req.raw, c.req.param("userId")));
    const { ban = 0 } = readQuery(kickQuerySchema, c.req.raw);
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.kick(actor, userId, ban));
    return result.ok ? c.json(result.value) : failure(result.error);
  })
  .delete("/:room/bans/:userId", async (c) => {
    const userId = check(userIdSchema, pathParam(c.req.raw, c.req.param("userId")));
    const { room, actor } = await enter(c);
    const result = await callRoom(c.env, room, (stub) => stub.unban(actor, userId));
    return result.ok ? c.body(null, 204) : failure(result.error);
  });

/** Who may do what is the room's to say; who it is, is ours. */
async function enter(c: RoomContext): Promise<{ room: RoomName; actor: Actor }> {
  const room = logRoom(c.req.param("room") ?? "");
  return { room, actor: await actorOf(c.req.raw, c.var.settings, room) };
}

async function submit(
  c: RoomContext,
  room: RoomName,
  actor: Actor,
  frame: HttpFrame,
): Promise<Response> {
  const outcome = await callRoom(c.env, room, (stub) => stub.submit(actor, frame));
  if (!outcome.ok) return failure(outcome.error);
  if (outcome.delivered !== undefined) return c.json({ delivered: outcome.delivered }, 202);
  if (outcome.saved === undefined) return c.body(null, 204);
  const created = frame.type === "send_message" && outcome.saved.duplicate === undefined;
  return c.json(outcome.saved, created ? 201 : 200);
}

function requireName(actor: Actor & { readonly named?: boolean }): void {
  if (actor.named !== false) return;
  throw new ProtocolError("invalid_request", "The API key speaks for somebody: add ?as=<userId>.");
}

function body<T extends z.ZodType>(c: RoomContext, schema: T): Promise<z.output<T>> {
  return readBody(schema, c.req.raw, c.var.settings.limits.frameBytes);
}

function payloads(c: RoomContext): PayloadSchemas {
  return payloadSchemas(c.var.settings.limits.contentChars);
}
