import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { commandsOf, limitsOf } from "../../kinds/built-in.ts";
import type { Actor, HttpFrame } from "../../objects/room-api.ts";
import { ProtocolError } from "../../protocol/error.ts";
import type { ClientFrameRow, FrameRoute } from "../../protocol/frames/row.ts";
import { CLIENT_FRAMES, HTTP_FRAME_TYPES, type HttpFrameType } from "../../protocol/frames.ts";
import { seqParamSchema } from "../../protocol/http.ts";
import type { Delivered } from "../../protocol/http-answer.ts";
import { bodySchemas, type RequestBody } from "../../protocol/http-body-schema.ts";
import { inboxName } from "../../protocol/inbox-name.ts";
import { BACKEND_ONLY } from "../../protocol/refusals.ts";
import type { KindName } from "../../protocol/room-kind.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { requestActor } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, logRoom, readBody, requestKey } from "../input.ts";
import { callRoom } from "../room-stub.ts";

type FrameContext = Context<AppEnv, string>;

/** A request that says a frame: one and the same may say another one in another kind of room. */
interface Route extends FrameRoute {
  readonly types: readonly [HttpFrameType, ...HttpFrameType[]];
}

/** Every frame that can be said over HTTP, at the path that its row names (P7.1). */
export const frames = new Hono<AppEnv>();
for (const route of routesOf(HTTP_FRAME_TYPES)) {
  frames.on(route.method, route.path.slice("/v1".length), (c) => say(c, route));
}

function routesOf(types: readonly HttpFrameType[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const type of types) {
    const { http } = CLIENT_FRAMES[type];
    const place = `${http.method} ${http.path}`;
    const before = routes.get(place)?.types;
    routes.set(place, { ...http, types: before === undefined ? [type] : [...before, type] });
  }
  return [...routes.values()];
}

async function say(c: FrameContext, { method, status, types }: Route): Promise<Response> {
  const seq = c.req.param("seq");
  const place = seq === undefined ? {} : { seq: check(seqParamSchema, seq, "seq") };
  const room = roomOf(c);
  // The room itself says so when it takes none of them.
  const type = types.find((type) => commandsOf(room.kind).has(type)) ?? types[0];
  const actor = await requestActor(c, room);
  const row: ClientFrameRow = CLIENT_FRAMES[type];
  if (row.backendOnly === true) requireApiKey(actor);
  if (row.asUser === true) requireName(actor);
  const { messageId, ...fields } = method === "DELETE" ? {} : await bodyOf(c, room.kind, type);
  const key = row.durable === true ? requestKey(c.req.raw, messageId) : {};
  // Both halves of the payload were checked, by schemas made from the one of its type.
  const frame = { type, ...key, payload: { ...fields, ...place } } as unknown as HttpFrame;
  const outcome = await callRoom(c.env, room, (stub) => stub.submit(actor, frame));
  if (!outcome.ok) return failure(outcome.error);
  if (status === 204) return c.body(null, 204);
  if (outcome.delivered !== undefined) {
    const delivered: Delivered = { delivered: outcome.delivered };
    return c.json(delivered, status);
  }
  return c.json(outcome.saved, outcome.saved?.duplicate === true ? 200 : status);
}

/** The room that a path names: itself, or by whose inbox it is. */
function roomOf(c: FrameContext): RoomName {
  const userId = c.req.param("userId");
  return logRoom(c.req.raw, userId === undefined ? c.req.param("room") : inboxName(userId));
}

function requireApiKey({ backend }: Actor): void {
  if (backend === true) return;
  throw ProtocolError.of(BACKEND_ONLY);
}

function requireName({ named }: Actor & { readonly named?: boolean }): void {
  if (named !== false) return;
  throw new ProtocolError("invalid_request", "The API key speaks for somebody: add ?as=<userId>.");
}

function bodyOf(c: FrameContext, kind: KindName, type: HttpFrameType): Promise<RequestBody> {
  const { contentChars, frameBytes } = limitsOf(kind, c.var.settings.limits);
  return readBody(bodySchemas(contentChars)[type], c.req.raw, frameBytes);
}
