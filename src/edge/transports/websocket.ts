import { ProtocolError } from "../../protocol/error.ts";
import { socketQuerySchema } from "../../protocol/http.ts";
import { parseOffer } from "../../protocol/subprotocol.ts";
import type { Call } from "../call.ts";
import { readQuery } from "../input.ts";
import { visitorOf } from "../visitor.ts";
import { enterRoom } from "./enter-room.ts";
import { ownAnswer } from "./own-answer.ts";
import { refuseSocket } from "./refuse-socket.ts";

/** Whether a request asks for a WebSocket, which is a GET (RFC 6455 §4.2.1). */
export function isUpgrade({ method, headers }: Request): boolean {
  return method === "GET" && headers.get("Upgrade")?.toLowerCase() === "websocket";
}

/** @throws {ProtocolError} for what asks for no WebSocket where there is nothing else. */
export function requireUpgrade(request: Request): void {
  if (isUpgrade(request)) return;
  const message = "This path is a WebSocket: send Upgrade: websocket.";
  throw new ProtocolError("invalid_request", message);
}

/**
 * A WebSocket of the client's own: the room's very socket, so that the Worker is out of the way.
 *
 * @throws {ProtocolError} for whatever keeps it out before the room is asked.
 */
export async function openWebSocket(call: Call): Promise<Response> {
  const { request, env } = call;
  const { history, echo, ...query } = readQuery(socketQuerySchema, request);
  const visitor = await visitorOf(call, "websocket", query);
  if (visitor.actor.backend) {
    throw new ProtocolError("unauthorized", "The API key is for HTTP; a WebSocket needs a token.");
  }
  const { wire } = parseOffer(request.headers.get("Sec-WebSocket-Protocol"));
  const extensions = request.headers.get("Sec-WebSocket-Extensions");
  const entered = await enterRoom(env, visitor, {
    wire,
    transport: "websocket",
    history,
    echo: echo === "true",
    extensions,
  });
  return entered.ok
    ? ownAnswer(entered.response)
    : refuseSocket(request, entered.error, Date.now());
}
