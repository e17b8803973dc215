import { type Context, Hono } from "hono";
import type { Actor } from "../../objects/room-api.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { documentQuerySchema } from "../../protocol/http.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import { BACKEND_ONLY } from "../../protocol/refusals.ts";
import { prefixOf } from "../../protocol/room-kind.ts";
import type { RoomName } from "../../protocol/room-name.ts";
import { requestActor } from "../caller.ts";
import { callDocument } from "../document-stub.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { readBytes, readQuery, urlOf } from "../input.ts";
import { openDocumentSocket } from "../transports/document-socket.ts";
import { isUpgrade } from "../transports/websocket.ts";

const CONTENT_TYPES = {
  update: "application/octet-stream",
  json: "application/json",
  text: "text/plain; charset=utf-8",
} as const;

type DocumentContext = Context<AppEnv, string>;

/** Yjs documents (P17.1, P17.12, P17.13). What of them is here goes to a document, not to a room. */
export const documents = new Hono<AppEnv>()
  .get("/:document", async (c) => {
    const { env, req, var: variables } = c;
    if (isUpgrade(req.raw)) {
      const document = documentName(c);
      return openDocumentSocket({ request: req.raw, env, ...variables, document });
    }
    if (!urlOf(req.raw).searchParams.has("as")) {
      throw new ProtocolError(
        "invalid_request",
        "This path is a WebSocket of y-websocket: send Upgrade: websocket. With ?as=update, json or text it is the document as it stands.",
      );
    }
    const form = readQuery(documentQuerySchema, req.raw);
    const { document, actor } = await enter(c);
    const result = await callDocument(env, document, (stub) => stub.read(actor, form));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": CONTENT_TYPES[form.as],
      "Cache-Control": "no-store",
    });
  })
  .put("/:document", async (c) => {
    const { document, actor } = await enterAsBackend(c);
    const update = await readBytes(c.req.raw, c.var.settings.documents.frameBytes);
    const result = await callDocument(c.env, document, (stub) => stub.merge(actor, update));
    return result.ok ? c.body(null, 204) : failure(result.error);
  })
  .delete("/:document", async (c) => {
    const { document, actor } = await enterAsBackend(c);
    const result = await callDocument(c.env, document, (stub) => stub.erase(actor));
    return result.ok ? c.body(null, 204) : failure(result.error);
  });

function documentName(c: DocumentContext): RoomName {
  return parseRoomName(`${prefixOf("document")}:${c.req.param("document")}`);
}

/** Who may do what is the document's to say; who it is, is ours. */
async function enter(c: DocumentContext): Promise<{ document: RoomName; actor: Actor }> {
  const document = documentName(c);
  return { document, actor: await requestActor(c, document) };
}

async function enterAsBackend(c: DocumentContext): Promise<{ document: RoomName; actor: Actor }> {
  const entered = await enter(c);
  if (entered.actor.backend === true) return entered;
  throw ProtocolError.of(BACKEND_ONLY);
}
