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

/** Keeps a connection with its socket, within the platform's 16,384 bytes. */
export function attach(socket: WebSocket, { id, session, keepsake }: Attached): void {
  socket.serializeAttachment({ version: VERSION, id, session, keepsake });
}

/** Reads it back; `undefined` when it is gone or of another version. */
export function attached(socket: WebSocket): Attached | undefined {
  const parsed = attachmentSchema.safeParse(socket.deserializeAttachment());
  return parsed.success ? parsed.data : undefined;
}
