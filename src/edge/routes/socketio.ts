import { type Context, Hono } from "hono";
import { refused } from "../../socketio/engine/polling-session.ts";
import { addressOf } from "../address.ts";
import type { Deployment } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import type { RoomsCall } from "../gateways/room-visitor.ts";
import { ADDRESS_HEADER } from "../hub-api.ts";
import { urlOf } from "../input.ts";
import { requireOrigin } from "../origin.ts";
import { countGateway } from "../refusal-log.ts";
import type { SocketioApp } from "../socketio/default-app.ts";
import { callHub, hubOf, requireHubs } from "../socketio/hub-stub.ts";
import { openClientSocket } from "../socketio/open-client-socket.ts";
import { isUpgrade } from "../transports/websocket.ts";

/** A client with `addTrailingSlash: false` leaves the last slash out. */
const PATHS = ["/socket.io/", "/socket.io"];

/**
 * Clients of Socket.IO: Engine.IO by WebSocket, by polling, and from one to the other (P21.1).
 *
 * @param app the one that they speak to.
 */
export function socketio(deployment: Deployment, app: SocketioApp): Hono<AppEnv> {
  return new Hono<AppEnv>().on("ALL", PATHS, async (c, next) => {
    const { method } = c.req;
    // Whether a page may ask was answered before.
    if (method === "OPTIONS") return next();
    const { searchParams } = urlOf(c.req.raw);
    // A browser asks before it shows a page an answer, and not before it sends.
    requireOrigin(c.req.raw, c.var.settings);
    if (searchParams.get("EIO") !== "4") return bad(c, 5, "Unsupported protocol version");
    const sid = searchParams.get("sid");
    const transport = searchParams.get("transport");
    if (isUpgrade(c.req.raw)) {
      if (transport !== "websocket") return bad(c, 0, "Transport unknown");
      if (!app.isSpread) requireHubs(c.env);
      return openClientSocket(callOf(c, deployment), sid ?? undefined, app.open);
    }
    if (transport !== "polling") return bad(c, 0, "Transport unknown");
    if (method !== "GET" && (method !== "POST" || sid === null)) {
      return bad(c, 2, "Bad handshake method");
    }
    const { hubs } = c.var.settings.socketio;
    const hub = sid === null ? Math.floor(Math.random() * (app.isSpread ? hubs : 1)) : hubOf(sid);
    if (hub === undefined) return bad(c, 1, "Session ID unknown");
    const answer = await poll(c, hub);
    if (sid === null && answer.ok) {
      countGateway({ gateways: { socketio_polling: 1 } }, c.env, c.var.settings);
    }
    return answer;
  });
}

/** A request of a client that polls, handed on to its hub. */
function poll(c: Context<AppEnv>, hub: number): Promise<Response> {
  const { raw } = c.req;
  const headers = new Headers(raw.headers);
  headers.set(ADDRESS_HEADER, addressOf(raw, c.var.settings.trustedIpHeader));
  return callHub(c.env, hub, (stub) => stub.fetch(new Request(raw, { headers })));
}

function callOf(c: Context<AppEnv>, { contracts, gate }: Deployment): RoomsCall {
  const { settings } = c.var;
  const lifetime = c.executionCtx;
  return { request: c.req.raw, env: c.env, settings, gate, contracts, lifetime };
}

function bad(c: Context<AppEnv>, code: number, message: string): Response {
  const { status, body } = refused(code, message);
  return c.body(body, status, { "Content-Type": "application/json" });
}
