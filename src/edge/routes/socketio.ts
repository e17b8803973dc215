import { type Context, Hono } from "hono";
import * as z from "zod";
import { ProtocolError } from "../../protocol/error.ts";
import type { Deployment } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import { readQuery, urlOf } from "../input.ts";
import { requireOrigin } from "../origin.ts";
import { openApp } from "../socketio/default-app.ts";
import { EngineSocket, type EngineTimes } from "../socketio/engine-socket.ts";
import { isUpgrade } from "../transports/websocket.ts";

const querySchema = z.object({
  EIO: z.literal("4"),
  transport: z.enum(["websocket", "polling"]),
});

const TIMES: EngineTimes = {
  pingIntervalMs: 25_000,
  pingTimeoutMs: 20_000,
  maxPayloadBytes: 1_000_000,
};

/** Clients of Socket.IO (P21). */
export function socketio(deployment: Deployment): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/socket.io/", async (c) => {
    readQuery(querySchema, c.req.raw);
    if (!isUpgrade(c.req.raw)) throw NO_POLLING();
    requireOrigin(c.req.raw, c.var.settings);
    return openSocket(c, deployment);
  });
}

function openSocket(c: Context<AppEnv>, { contracts, gate }: Deployment): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  const query = Object.fromEntries(urlOf(c.req.raw).searchParams);
  const socket = new EngineSocket(server, { query }, TIMES);
  const call = {
    request: c.req.raw,
    env: c.env,
    settings: c.var.settings,
    gate,
    contracts,
    lifetime: c.executionCtx,
  };
  const session = openApp(call, socket, socket.whenRead);
  socket.open(crypto.randomUUID(), session);
  c.executionCtx.waitUntil(socket.closed);
  return new Response(null, { status: 101, webSocket: client });
}

function NO_POLLING(): ProtocolError {
  return new ProtocolError("not_configured", "Polling is not set up on this server.");
}
