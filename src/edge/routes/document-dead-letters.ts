import { Hono } from "hono/tiny";
import { deadLetterIdSchema, deadLettersQuerySchema } from "../../protocol/http.ts";
import { enterDocumentAsBackend } from "../document-entry.ts";
import { callDocument } from "../document-stub.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, readQuery } from "../input.ts";

/** What a Yjs document has given up, for the backend alone: to be seen, and sent again (P16.7). */
export const documentDeadLetters = new Hono<AppEnv>()
  .get("/:document/dead-letters", async (c) => {
    const query = readQuery(deadLettersQuerySchema, c.req.raw);
    const { document, actor } = await enterDocumentAsBackend(c);
    const result = await callDocument(c.env, document, (stub) => stub.deadLetters(actor, query));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .post("/:document/dead-letters/resend", async (c) => {
    const { document, actor } = await enterDocumentAsBackend(c);
    const result = await callDocument(c.env, document, (stub) => stub.resend(actor, undefined));
    return result.ok ? c.json(result.value) : failure(result.error);
  })
  .post("/:document/dead-letters/:id/resend", async (c) => {
    const id = check(deadLetterIdSchema, c.req.param("id"), "id");
    const { document, actor } = await enterDocumentAsBackend(c);
    const result = await callDocument(c.env, document, (stub) => stub.resend(actor, id));
    return result.ok ? c.json(result.value) : failure(result.error);
  });
