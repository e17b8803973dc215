import { Hono } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import { prefixOf } from "../../protocol/room-kind.ts";
import type { AppEnv } from "../env.ts";
import { openDocumentSocket } from "../transports/document-socket.ts";
import { isUpgrade } from "../transports/websocket.ts";

/** Yjs documents (P17.1). What of them is here goes to a document, not to a room. */
export const documents = new Hono<AppEnv>().get("/:document", async (c) => {
  if (!isUpgrade(c.req.raw)) {
    throw new ProtocolError(
      "invalid_request",
      "This path is a WebSocket of y-websocket: send Upgrade: websocket.",
    );
  }
  const document = parseRoomName(`${prefixOf("document")}:${c.req.param("document")}`);
  const { env, var: variables } = c;
  return openDocumentSocket({ request: c.req.raw, env, ...variables, document });
});
