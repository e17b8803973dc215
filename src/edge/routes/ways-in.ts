import { Hono } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import type { AppEnv } from "../env.ts";
import { isUpgrade, openWebSocket } from "../transports/websocket.ts";

/** The ways to hear a room (CONTRACT §5). */
export const waysIn = new Hono<AppEnv>().get("/:room/ws", async (c) => {
  if (!isUpgrade(c.req.raw)) {
    throw new ProtocolError(
      "invalid_request",
      "This path is a WebSocket: send Upgrade: websocket.",
    );
  }
  return openWebSocket(c.req.raw, c.env, c.var.settings, c.req.param("room"));
});
