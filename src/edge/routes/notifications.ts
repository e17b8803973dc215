import { Hono } from "hono/tiny";
import { notificationsQuerySchema } from "../../protocol/http.ts";
import { inboxName } from "../../protocol/inbox-name.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import { requestActor } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { pathParam, readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/** Inboxes over HTTP (P8.1), as their users read them. */
export const notifications = new Hono<AppEnv>().get("/:userId/notifications", async (c) => {
  const { unread, ...query } = readQuery(notificationsQuerySchema, c.req.raw);
  const inbox = parseRoomName(inboxName(pathParam(c.req.raw, c.req.param("userId"))));
  const actor = await requestActor(c, inbox);
  const result = await callRoom(c.env, inbox, (stub) =>
    stub.notifications(actor, { ...query, unreadOnly: unread }),
  );
  if (!result.ok) return failure(result.error);
  return c.body(result.value, 200, {
    "Content-Type": "application/json",
    "Cache-Control": "private, no-cache",
  });
});
