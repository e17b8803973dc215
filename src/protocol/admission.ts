import * as z from "zod";
import { cursorSchema } from "./cursor.ts";
import { PERMISSIONS } from "./grant.ts";

/** Header of the inner request from the Worker to the room. Stripped from everything outside. */
export const ADMISSION_HEADER = "x-hibiki-admission";

const wireSchema = z.enum(["json", "msgpack", "plain"]);
const transportSchema = z.enum(["websocket", "sse", "poll"]);

/** How a client reaches its room: by a socket of its own, or by an adapter in the Worker. */
export type Transport = z.infer<typeof transportSchema>;

/** One connection's identity, as verified by the Worker; also what a hibernating socket keeps. */
export const sessionSchema = z.object({
  userId: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** When the token ends, milliseconds since the epoch. */
  expiresAt: z.number(),
  wire: wireSchema,
  transport: transportSchema,
  /** Address the connection limit counts by; IPv6 as its /64. */
  address: z.string(),
  /** The team's own backend, by its API key, whomever it names: neither banned, counted nor shown. */
  backend: z.literal(true).optional(),
});

const admissionSchema = z.object({
  session: sessionSchema,
  /** Cursor to resume from. */
  cursor: cursorSchema.optional(),
  /** Messages of history wanted by who does not resume. */
  history: z.int().min(0),
});

/** What the Worker tells a room about whoever wants in. */
export type Admission = z.infer<typeof admissionSchema>;
/** Who is on a connection and what they may do there. */
export type AdmittedSession = z.infer<typeof sessionSchema>;

/** Header value of an admission. Percent-encoded, for header values must be ASCII. */
export function writeAdmission(admission: Admission): string {
  return encodeURIComponent(JSON.stringify(admission));
}

/** Reads what {@link writeAdmission} wrote; throws on anything else, which would be our own bug. */
export function readAdmission(header: string | null): Admission {
  return admissionSchema.parse(JSON.parse(decodeURIComponent(header ?? "")));
}
