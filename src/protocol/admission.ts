import * as z from "zod";
import { authoritySchema } from "./authority.ts";
import { cursorSchema } from "./cursor.ts";
import type { Refusal } from "./error.ts";
import { PERMISSIONS } from "./grant.ts";
import { INNER_VERSION, refuseVersion } from "./inner-version.ts";

/** Header of the inner request from the Worker to the room. Stripped from everything outside. */
export const ADMISSION_HEADER = "x-hibiki-admission";

const wireSchema = z.enum(["json", "msgpack", "plain"]);
const transportSchema = z.enum(["websocket", "sse", "poll"]);

/** How a client reaches its room: by a socket of its own, or by an adapter in the Worker. */
export type Transport = z.infer<typeof transportSchema>;

const viaSchema = z.enum(["multiplexed", "socketio_websocket", "socketio_polling"]);

/** By which connection of another sort, to many rooms, a client is here. */
export type Via = z.infer<typeof viaSchema>;

/** One connection's identity, as verified by the Worker; also what a hibernating socket keeps. */
export const sessionSchema = z.object({
  userId: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  /** When the token ends, milliseconds since the epoch. */
  expiresAt: z.number(),
  wire: wireSchema,
  transport: transportSchema,
  /** Beside the transport, which rooms of an older release know: it counts as this. */
  via: viaSchema.optional(),
  /** Address the connection limit counts by; IPv6 as its /64. */
  address: z.string(),
  /** Its own events come back to it, marked with its origin, and it leaves them out itself. */
  echo: z.literal(true).optional(),
  /** Its adapter says something whenever its reader has taken what came: more only follows then. */
  paced: z.literal(true).optional(),
  /**
   * Hash of the contract by which its client folds events, in a room of a team's own kind; whose is
   * another, or none, is told the state.
   */
  folds: z.string().optional(),
  /** The team's own backend, by its API key, whomever it names: neither banned, counted nor shown. */
  backend: z.literal(true).optional(),
  /** By what it is here, where the room's kind asks a rule; `permissions` and `expiresAt` are by that then. */
  authority: authoritySchema.optional(),
});

const admissionSchema = z.object({
  /** What the Worker speaks; absent before there were versions. */
  version: z.int().optional(),
  session: sessionSchema,
  /** Cursor to resume from. */
  cursor: cursorSchema.optional(),
  /** Messages of history wanted by a client that does not resume. */
  history: z.int().min(0),
});

/** What the Worker tells a room about whoever wants in. */
export type Admission = z.infer<typeof admissionSchema>;
/** Who is on a connection and what they may do there. */
export type AdmittedSession = z.infer<typeof sessionSchema>;

/** Header value of an admission. Percent-encoded, for header values must be ASCII. */
export function writeAdmission(admission: Omit<Admission, "version">): string {
  return encodeURIComponent(JSON.stringify({ version: INNER_VERSION, ...admission }));
}

const versionSchema = z.object({ version: z.int().optional() });

/**
 * Why the Worker that wrote a header cannot be understood here; to be asked before
 * {@link readAdmission}, for what a release far away wrote may have another shape.
 */
export function refuseAdmission(header: string | null): Refusal | undefined {
  return refuseVersion(versionSchema.parse(parsed(header)).version);
}

/** Reads what {@link writeAdmission} wrote; throws on anything else, which would be our own bug. */
export function readAdmission(header: string | null): Admission {
  return admissionSchema.parse(parsed(header));
}

function parsed(header: string | null): unknown {
  return JSON.parse(decodeURIComponent(header ?? ""));
}
