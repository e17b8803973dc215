import * as z from "zod";
import { sessionSchema } from "./admission.ts";
import type { KeptFormat } from "./kept.ts";

const keepsakeSchema = z.object({
  epoch: z.string(),
  stats: z.record(z.string(), z.unknown()).optional(),
});

/**
 * What a room knows that nobody has written to, and so has no storage: it sleeps with its sockets.
 * Each has the epoch that they were all told, one of them the room's numbers.
 */
export type Keepsake = z.infer<typeof keepsakeSchema>;

const keptSessionSchema = z.object({
  session: sessionSchema.extend({
    /** Milliseconds since the epoch, as the next but one. */
    connectedAt: z.number(),
    readUpTo: z.number().optional(),
    heardAt: z.number().optional(),
    isBehind: z.boolean().optional(),
    /** JSON text, at most of `BOUNDS.presenceDataBytes`. */
    shown: z.string().optional(),
    /** JSON text of the room's kind, at most of `DOCUMENT_BOUNDS.positionBytes`. */
    ofKind: z.string().optional(),
  }),
  keepsake: keepsakeSchema.optional(),
});

/** What the sockets of a room keep. */
export type KeptSession = z.infer<typeof keptSessionSchema>;

/** Version 2 is release 0.1.0's; what came since is optional, so objects of that code read it too. */
export const KEPT_SESSION: KeptFormat<KeptSession> = {
  version: 2,
  reads: [2],
  schema: keptSessionSchema,
};
