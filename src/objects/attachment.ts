import * as z from "zod";
import { sessionSchema } from "../protocol/admission.ts";
import type { Session } from "../room/connection.ts";

/** Raised when the shape changes: a socket that hibernated under an older one reconnects. */
const VERSION = 2;

const keepsakeSchema = z.object({
  epoch: z.string(),
  stats: z.record(z.string(), z.unknown()).optional(),
});

/**
 * What a room knows that nobody has written to, and so has no storage: it sleeps with its sockets.
 * Each has the epoch that they were all told, one of them the room's numbers.
 */
export type Keepsake = z.infer<typeof keepsakeSchema>;

const attachmentSchema = z.object({
  version: z.literal(VERSION),
  id: z.string(),
  session: sessionSchema.extend({
    connectedAt: z.number(),
    readUpTo: z.number().optional(),
    heardAt: z.number().optional(),
    isBehind: z.boolean().optional(),
  }),
  keepsake: keepsakeSchema.optional(),
});

/** A connection as its hibernating socket keeps it. */
export interface Attached {
  readonly id: string;
  readonly session: Session;
  readonly keepsake?: Keepsake | undefined;
}

/** What a socket is to keep of its connection, within the platform's 16,384 bytes. */
export function attachmentOf({ id, session, keepsake }: Attached): object {
  return { version: VERSION, id, session, keepsake };
}

/** Reads what a socket kept; `undefined` when it is gone or of another version. */
export function readAttachment(kept: unknown): Attached | undefined {
  const parsed = attachmentSchema.safeParse(kept);
  return parsed.success ? parsed.data : undefined;
}
