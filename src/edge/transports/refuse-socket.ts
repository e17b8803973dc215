import { closeFor } from "../../protocol/close.ts";
import { encodeFrame } from "../../protocol/codec.ts";
import type { Refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import { parseOffer } from "../../protocol/subprotocol.ts";
import { markRefused } from "../failure.ts";

/**
 * Refuses an upgrade so that a browser can read why: accepted, told one `error`, closed with its
 * code (P9.1).
 *
 * @param now milliseconds since the epoch.
 */
export function refuseSocket(request: Request, error: Refusal, now: number): Response {
  const { wire, subprotocol } = parseOffer(request.headers.get("Sec-WebSocket-Protocol"));
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  const timestamp = iso(now);
  server.send(encodeFrame(wire, { type: "error", timestamp, payload: error }));
  const { code, reason } = closeFor(error.code);
  server.close(code, reason);
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: markRefused(
      new Headers(subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol }),
      error.code,
    ),
  });
}
