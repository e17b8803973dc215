import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Call } from "../call.ts";
import { contractOf, type Deployment } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import { openEventStream } from "../transports/event-stream.ts";
import { answerPoll } from "../transports/poll.ts";
import { openWebSocket, requireUpgrade } from "../transports/websocket.ts";
import { getOnly } from "./get-only.ts";

/** The ways to hear a room: WebSocket, Server-Sent Events, and polling (P4.1, P7.5, P7.7). */
export function waysIn(deployment: Deployment): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/:room/ws", async (c) => {
      requireUpgrade(c.req.raw);
      return openWebSocket(callOf(c, deployment));
    })
    .get("/:room/events", getOnly, async (c) => openEventStream(callOf(c, deployment)))
    .get("/:room/poll", getOnly, async (c) => answerPoll(callOf(c, deployment)));
}

function callOf(c: Context<AppEnv, "/:room/*">, deployment: Deployment): Call {
  const roomName = c.req.param("room");
  return {
    request: c.req.raw,
    env: c.env,
    settings: c.var.settings,
    gate: c.var.gate,
    roomName,
    contract: contractOf(deployment, roomName),
    // Asked for when it is needed: Hono throws where there is none, and a WebSocket needs none.
    lifetime: { waitUntil: (promise) => c.executionCtx.waitUntil(promise) },
    at: Date.now(),
  };
}
