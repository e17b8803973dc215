import { Hono } from "hono/tiny";
import { ProtocolError } from "../../protocol/error.ts";
import { documentQuerySchema } from "../../protocol/http.ts";
import { documentName, enterDocument, enterDocumentAsBackend } from "../document-entry.ts";
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
    const { document, actor } = await enterDocument(c);
    const result = await callDocument(env, document, (stub) => stub.read(actor, form));
    if (!result.ok) return failure(result.error);
    return c.body(result.value, 200, {
      "Content-Type": CONTENT_TYPES[form.as],
      "Cache-Control": "no-store",
    });
  })
  .get("/:document/stats", async (c) => {
    const { document, actor } = await enterDocument(c);
    const result = await callDocument(c.env, document, (stub) => stub.stats(actor));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .put("/:document", async (c) => {
    const { document, actor } = await enterDocumentAsBackend(c);
    const update = await readBytes(c.req.raw, c.var.settings.documents.frameBytes);
    const result = await callDocument(c.env, document, (stub) => stub.merge(actor, update));
    return result.ok ? c.body(null, 204) : failure(result.error);
  })
  .delete("/:document", async (c) => {
    const { document, actor } = await enterDocumentAsBackend(c);
    const result = await callDocument(c.env, document, (stub) => stub.erase(actor));
    return result.ok ? c.body(null, 204) : failure(result.error);
  });
