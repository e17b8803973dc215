import { ADMISSION_HEADER, refusalSchema, writeAdmission } from "../../protocol/admission.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { joinQuerySchema } from "../../protocol/http.ts";
import type { Settings } from "../../protocol/settings.ts";
import { parseOffer } from "../../protocol/subprotocol.ts";
import { addressOf } from "../address.ts";
import { callerOf, grantedIn } from "../caller.ts";
import type { Env } from "../env.ts";
import { logRoom, readQuery } from "../input.ts";
import { requireOrigin } from "../origin.ts";
import { callRoom } from "../room-stub.ts";
import { refuseSocket } from "./refuse-socket.ts";

/** Whether a request asks for a WebSocket (RFC 6455 §4.2.1). */
export function isUpgrade(request: Request): boolean {
  return request.headers.get("Upgrade")?.toLowerCase() === "websocket";
}

/**
 * Admits a WebSocket to a room: verifies who it is, and hands the room a fresh request that says
 * so. Nothing of the client's own request goes along but its offer of compression.
 *
 * @throws {ProtocolError} for whatever keeps it out before the room is asked.
 */
export async function openWebSocket(
  request: Request,
  env: Env,
  settings: Settings,
  roomName: string,
): Promise<Response> {
  requireOrigin(request, settings);
  const room = logRoom(roomName);
  const { since, epoch, history } = readQuery(joinQuerySchema, request);
  const caller = await callerOf(request, settings);
  if (caller.kind === "backend") {
    throw new ProtocolError("unauthorized", "The API key is for HTTP; a WebSocket needs a token.");
  }
  const { userId, name, expiresAt } = caller.identity;
  const { wire } = parseOffer(request.headers.get("Sec-WebSocket-Protocol"));
  const permissions = [...grantedIn(room, caller.identity)];
  const admission = writeAdmission({
    session: {
      userId,
      name,
      permissions,
      expiresAt,
      wire,
      transport: "websocket",
      address: addressOf(request.headers),
    },
    history,
    ...(since === undefined || epoch === undefined ? {} : { cursor: { seq: since, epoch } }),
  });
  const headers = new Headers({ Upgrade: "websocket", [ADMISSION_HEADER]: admission });
  const extensions = request.headers.get("Sec-WebSocket-Extensions");
  if (extensions !== null) headers.set("Sec-WebSocket-Extensions", extensions);
  const answer = await callRoom(env, room, (stub) => stub.fetch("https://room/", { headers }));
  return answer.status === 101
    ? answer
    : refuseSocket(request, refusalSchema.parse(await answer.json()), Date.now());
}
