import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Deployment } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import { openManyEvents } from "../gateways/many-events.ts";
import { answerManyPoll } from "../gateways/many-poll.ts";
import { openMultiplexed } from "../gateways/open-multiplexed.ts";
import type { RoomsCall } from "../gateways/room-visitor.ts";
import { requireUpgrade } from "../transports/websocket.ts";
import { getOnly } from "./get-only.ts";

/** The ways to hear many rooms at once: WebSocket, Server-Sent Events, and polling (P20). */
export function manyRooms(deployment: Deployment): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/ws", async (c) => {
      requireUpgrade(c.req.raw);
      return openMultiplexed(roomsCallOf(c, deployment));
    })
    .get("/events", getOnly, async (c) => openManyEvents(roomsCallOf(c, deployment)))
    .get("/poll", getOnly, async (c) => answerManyPoll(roomsCallOf(c, deployment)));
}

function roomsCallOf(c: Context<AppEnv>, { contracts }: Deployment): RoomsCall {
  return {
    request: c.req.raw,
    env: c.env,
    settings: c.var.settings,
    gate: c.var.gate,
    contracts,
    // Asked for when it is needed: Hono throws where there is none.
    lifetime: { waitUntil: (promise) => c.executionCtx.waitUntil(promise) },
  };
}
