import * as z from "zod";
import { authoritySchema } from "./authority.ts";
import { INNER_VERSION } from "./inner-version.ts";
import type { KeptFormat } from "./kept.ts";

/** One editor's identity, as verified by the Worker; also what a hibernating socket keeps of it. */
export const editorSchema = z.object({
  userId: z.string(),
  name: z.string(),
  /** Whether it may change the document; everybody may read it and show a cursor. */
  canWrite: z.boolean(),
  /** When the token ends, milliseconds since the epoch. */
  expiresAt: z.number(),
  /** Address the connection limit counts by; IPv6 as its /64. */
  address: z.string(),
  /** By what it is here, where a rule is asked; `canWrite` and `expiresAt` are by that then. */
  authority: authoritySchema.optional(),
});

const admissionSchema = z.object({
  version: z.int().optional(),
  editor: editorSchema,
  /** Whether {@link YJS_SUBPROTOCOL} was offered, and is to be answered with. */
  isNamed: z.boolean(),
  /** Whether it wants to be told at once that it may only read; else with its first change. */
  wantsAccess: z.boolean().optional(),
});

/** Who is on a connection to a document, and what they may do there. */
export type Editor = z.infer<typeof editorSchema>;
/** What the Worker tells a document about whoever wants in. */
export type DocumentAdmission = z.infer<typeof admissionSchema>;

/** Value of `ADMISSION_HEADER`. Percent-encoded, for header values must be ASCII. */
export function writeDocumentAdmission(admission: Omit<DocumentAdmission, "version">): string {
  return encodeURIComponent(JSON.stringify({ version: INNER_VERSION, ...admission }));
}

/** Reads what {@link writeDocumentAdmission} wrote; throws on anything else, which would be our own bug. */
export function readDocumentAdmission(header: string | null): DocumentAdmission {
  return admissionSchema.parse(JSON.parse(decodeURIComponent(header ?? "")));
}

const keptEditorSchema = z.object({
  editor: editorSchema,
  connectedAt: z.number(),
  heardAt: z.number(),
  /** Whether it was sent the document, and so hears what changes. */
  isSynced: z.boolean(),
  isToldReadOnly: z.boolean(),
  badFrames: z.int(),
  /** What it shows: client id, clock, JSON text, when it was renewed. Absent before it has said any. */
  cursors: z
    .array(z.tuple([z.number(), z.number(), z.string(), z.number()]).readonly())
    .readonly()
    .optional(),
  /** The numbers of a document without storage, with one of its sockets. */
  stats: z.record(z.string(), z.unknown()).optional(),
});

/** What the sockets of a document keep. */
export type KeptEditor = z.infer<typeof keptEditorSchema>;

export const KEPT_EDITOR: KeptFormat<KeptEditor> = {
  version: 1,
  reads: [1],
  schema: keptEditorSchema,
};
