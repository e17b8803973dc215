import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { messageIdSchema } from "../../protocol/field-schema.ts";
import type { Delivered } from "../../protocol/http-answer.ts";
import type { Json } from "../../protocol/json.ts";
import { requestActor } from "../caller.ts";
import { conditional, entityTag } from "../conditional.ts";
import { contractOf, type Deployment } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, logRoom, readInput, readJson, requestKey } from "../input.ts";
import { requireType } from "../own-type.ts";
import { callRoom } from "../room-stub.ts";

/** Rooms of a deployment's own kinds over HTTP: what is said in them, and how they stand (P7.11, P7.12, P7.13, P12.8). */
export function ownRooms(deployment: Deployment): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post("/:room/events/:type", async (c) => {
      const room = logRoom(c.req.raw, c.req.param("room"));
      const type = c.req.param("type");
      requireType(room.name, contractOf(deployment, room.name), "events", type);
      const actor = await requestActor(c, room);
      const event = await readEvent(c.req.raw, c.var.settings.limits.frameBytes);
      // Whether the payload is one that the contract takes, the room says: it is the one that stores it.
      const frame = { type, ...event };
      const outcome = await callRoom(c.env, room, (stub) => stub.submit(actor, frame));
      if (!outcome.ok) return failure(outcome.error);
      return c.json(outcome.saved, outcome.saved?.duplicate === true ? 200 : 201);
    })
    .post("/:room/signals/:type", async (c) => {
      const room = logRoom(c.req.raw, c.req.param("room"));
      const type = c.req.param("type");
      requireType(room.name, contractOf(deployment, room.name), "signals", type);
      const actor = await requestActor(c, room);
      const payload = await readJson(c.req.raw, c.var.settings.limits.frameBytes);
      const outcome = await callRoom(c.env, room, (stub) => stub.submit(actor, { type, payload }));
      if (!outcome.ok) return failure(outcome.error);
      const delivered: Delivered = { delivered: outcome.delivered ?? 0 };
      return c.json(delivered, 202);
    })
    .get("/:room/state", conditional, async (c) => {
      const room = logRoom(c.req.raw, c.req.param("room"));
      const actor = await requestActor(c, room);
      const result = await callRoom(c.env, room, (stub) => stub.state(actor));
      return result.ok ? fresh(c, result.value) : failure(result.error);
    })
    .get("/:room/query/:name", conditional, async (c) => {
      const room = logRoom(c.req.raw, c.req.param("room"));
      const input = readInput(c.req.raw);
      const actor = await requestActor(c, room);
      const name = c.req.param("name");
      const result = await callRoom(c.env, room, (stub) => stub.query(actor, name, input));
      return result.ok ? fresh(c, result.value) : failure(result.error);
    });
}

/** An answer of a room, JSON text that is another one with the room's next event. */
async function fresh(c: Context<AppEnv>, text: string): Promise<Response> {
  return c.body(text, 200, {
    "Content-Type": "application/json",
    "Cache-Control": "private, no-cache",
    ETag: await entityTag(text),
  });
}

/** The body of a request that says an event: its payload, and in an object's midst the key. */
async function readEvent(request: Request, maxBytes: number) {
  const body = await readJson(request, maxBytes);
  const isKeyed = typeof body === "object" && body !== null && Object.hasOwn(body, "messageId");
  // A payload may have a field of this name: then the key is in the header.
  if (!isKeyed || request.headers.has("Idempotency-Key")) {
    return { ...requestKey(request), payload: body };
  }
  const { messageId, ...payload } = body as { readonly [name: string]: Json };
  const key = requestKey(request, check(messageIdSchema, messageId, "messageId"));
  return { ...key, payload };
}
