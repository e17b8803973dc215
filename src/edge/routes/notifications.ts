import { type Context, Hono } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import { notificationsQuerySchema } from "../../protocol/http.ts";
import { notificationSchema } from "../../protocol/notification-schema.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import { inboxName } from "../../protocol/room-name.ts";
import { actorOf } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { pathParam, readBody, readQuery, requestKey } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/** Inboxes over HTTP (CONTRACT §7): the backend writes, the user reads. */
export const notifications = new Hono<AppEnv>()
  .post("/:userId/notifications", async (c) => {
    const { inbox, actor } = await enterInbox(c);
    if (actor.backend !== true) {
      throw new ProtocolError("access_denied", "Only the API key writes notifications.");
    }
    const { limits } = c.var.settings;
    const payload = await readBody(notificationSchema, c.req.raw, limits.frameBytes);
    const outcome = await callRoom(c.env, inbox, (stub) =>
      stub.submit(actor, { type: "notify", ...requestKey(c.req.raw), payload }),
    );
    if (!outcome.ok) return failure(outcome.error);
    return c.json(outcome.saved, outcome.saved?.duplicate === true ? 200 : 201);
  })
  .get("/:userId/notifications", async (c) => {
    const { unread, ...query } = readQuery(notificationsQuerySchema, c.req.raw);
    const { inbox, actor } = await enterInbox(c);
    const result = await callRoom(c.env, inbox, (stub) =>
      stub.notifications(actor, { ...query, unreadOnly: unread }),
    );
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": "application/json",
      "Cache-Control": "private, no-cache",
    });
  });

async function enterInbox(c: Context<AppEnv, string>) {
  const userId = pathParam(c.req.raw, c.req.param("userId"));
  const inbox = parseRoomName(inboxName(userId));
  return { inbox, actor: await actorOf(c.req.raw, c.env, c.var.settings, inbox) };
}
