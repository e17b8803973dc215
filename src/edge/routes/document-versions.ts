import { Hono } from "hono/tiny";
import {
  versionBodySchema,
  versionIdSchema,
  versionLabelSchema,
  versionsQuerySchema,
} from "../../protocol/http.ts";
import { VERSION_BOUNDS } from "../../protocol/version-limits.ts";
import { enterDocument } from "../document-entry.ts";
import { callDocument } from "../document-stub.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { check, readBody, readBodyIfAny, readQuery } from "../input.ts";

const { bodyBytes } = VERSION_BOUNDS;

/** Versions of Yjs documents (P17.15, P17.16). */
export const documentVersions = new Hono<AppEnv>()
  .get("/:document/versions", async (c) => {
    const query = readQuery(versionsQuerySchema, c.req.raw);
    const { document, actor } = await enterDocument(c);
    const result = await callDocument(c.env, document, (stub) => stub.versions(actor, query));
    if (!result.ok) return failure(result.error);
    return c.json(result.value, 200, { "Cache-Control": "no-store" });
  })
  .post("/:document/versions", async (c) => {
    const { document, actor } = await enterDocument(c);
    const { label } = await readBodyIfAny(versionBodySchema, c.req.raw, bodyBytes);
    const result = await callDocument(c.env, document, (stub) => stub.keepVersion(actor, label));
    return result.ok ? c.json(result.value, 201) : failure(result.error);
  })
  .patch("/:document/versions/:id", async (c) => {
    const id = check(versionIdSchema, c.req.param("id"), "id");
    const { document, actor } = await enterDocument(c);
    const { label } = await readBody(versionLabelSchema, c.req.raw, bodyBytes);
    const result = await callDocument(c.env, document, (stub) =>
      stub.labelVersion(actor, id, label),
    );
    return result.ok ? c.json(result.value) : failure(result.error);
  })
  .post("/:document/versions/:id/restore", async (c) => {
    const id = check(versionIdSchema, c.req.param("id"), "id");
    const { document, actor } = await enterDocument(c);
    const result = await callDocument(c.env, document, (stub) => stub.restoreVersion(actor, id));
    return result.ok ? c.json(result.value) : failure(result.error);
  });
