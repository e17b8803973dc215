import { ProtocolError } from "../../protocol/error.ts";
import { parseOffer } from "../../protocol/subprotocol.ts";
import { callerOf } from "../caller.ts";
import { requireOrigin } from "../origin.ts";
import { countGateway } from "../refusal-log.ts";
import { MultiplexedSocket } from "./multiplexed-socket.ts";
import type { RoomsCall } from "./room-visitor.ts";

/**
 * A WebSocket of many rooms, which is in none yet (P20.1).
 *
 * @throws {ProtocolError} for whatever keeps the client out.
 */
export async function openMultiplexed(call: RoomsCall): Promise<Response> {
  const { request, env, settings, lifetime } = call;
  requireOrigin(request, settings);
  const caller = await callerOf(request, env, settings);
  if (caller.kind === "backend") {
    throw new ProtocolError("unauthorized", "The API key is for HTTP; a WebSocket needs a token.");
  }
  const { wire, subprotocol } = parseOffer(request.headers.get("Sec-WebSocket-Protocol"));
  const { 0: client, 1: server } = new WebSocketPair();
  countGateway({ gateways: { multiplexed: 1 } }, env, settings);
  const socket = new MultiplexedSocket(call, caller, server, wire);
  lifetime.waitUntil(socket.closed);
  const headers = new Headers(
    subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol },
  );
  return new Response(null, { status: 101, webSocket: client, headers });
}
