import * as z from "zod";
import { describes } from "../describes.ts";
import { DOCUMENT_BOUNDS } from "../document-limits.ts";
import { jsonSchema, seqSchema, TOO_LARGE } from "../field-schema.ts";
import { joinedDocumentSchema } from "../greeting-schema.ts";
import { jsonBytes } from "../json.ts";
import { anyJson } from "../message-schema.ts";
import type { DocumentServerPayloads } from "./document.ts";

const versionSchema = z.int().min(0);

const changesSchema = z
  .array(anyJson)
  .min(1)
  .refine((changes) => changes.length <= DOCUMENT_BOUNDS.changes, {
    error: `must be at most ${DOCUMENT_BOUNDS.changes} changes`,
    params: TOO_LARGE,
  })
  .refine((changes) => jsonBytes(changes) <= DOCUMENT_BOUNDS.changesBytes, {
    error: `must be at most ${DOCUMENT_BOUNDS.changesBytes} bytes of JSON`,
    params: TOO_LARGE,
  })
  .meta({ maxItems: DOCUMENT_BOUNDS.changes });

/** Schemas of what is sent in a document. */
export const documentClientSchemas = {
  document_change: z.object({ version: versionSchema, changes: changesSchema }),
  document_snapshot: z.object({
    version: seqSchema,
    snapshot: jsonSchema(DOCUMENT_BOUNDS.snapshotBytes),
  }),
  cursor_move: z.object({ position: jsonSchema(DOCUMENT_BOUNDS.positionBytes) }),
};

/** Schemas of what is told in a document. */
export const documentServerSchemas = {
  joined_document: joinedDocumentSchema,
  remote_change: describes<DocumentServerPayloads["remote_change"]>()(
    z.object({
      from: versionSchema,
      version: versionSchema,
      changes: z.array(anyJson),
      userId: z.string(),
    }),
  ),
  remote_cursor: describes<DocumentServerPayloads["remote_cursor"]>()(
    z.object({ userId: z.string(), position: anyJson }),
  ),
};
