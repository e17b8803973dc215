import { writePermissionDenied } from "../../document/wire.ts";
import { documentCloseFor } from "../../protocol/document-close.ts";
import { EDITOR_BOUNDS } from "../../protocol/editor-limits.ts";
import type { Refusal } from "../../protocol/error.ts";
import { markRefused } from "../failure.ts";
import { documentSubprotocol } from "./document-socket.ts";

/**
 * Refuses an upgrade to a document in a way that every y-websocket client bears: accepted, told why at
 * once, and closed a second later. Whoever does not know the codes would come back in a tight loop else.
 */
export function refuseEditor(request: Request, error: Refusal): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.send(writePermissionDenied(`${error.code}: ${error.message}`));
  const { code, reason } = documentCloseFor(error.code);
  setTimeout(() => server.close(code, reason), EDITOR_BOUNDS.refusedCloseMs);
  const subprotocol = documentSubprotocol(request);
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: markRefused(
      new Headers(subprotocol === undefined ? {} : { "Sec-WebSocket-Protocol": subprotocol }),
      error.code,
    ),
  });
}
