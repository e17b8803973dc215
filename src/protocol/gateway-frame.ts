import * as z from "zod";
import { messageIdOf } from "./client-frame-schema.ts";
import { decodeFrame, type Raw } from "./codec.ts";
import { type Refusal, refusal } from "./error.ts";
import { connectionClientSchemas } from "./frames/connection-schema.ts";
import { issueWords } from "./issue-words.ts";
import { BOUNDS } from "./limits.ts";
import { namedContractSchema } from "./named-contract.ts";
import { issuesRefusal } from "./schema-refusal.ts";
import type { Wire } from "./subprotocol.ts";

/** Longer than any room's name may be: what is too long is a name's fault, and told as such. */
const ROOM_CHARS = 1_024;

const roomSchema = z.string().max(ROOM_CHARS);

const enteringSchema = z.object({
  since: z.int().min(0).optional(),
  epoch: z.string().max(BOUNDS.epochChars).optional(),
  history: z.int().min(0).max(BOUNDS.historyMax).default(BOUNDS.historyDefault),
  echo: z.boolean().optional(),
  contract: namedContractSchema.optional(),
});

/** The frames that are said to the connection itself, of many rooms (P20.2). */
const ownSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("join"),
    room: roomSchema,
    payload: enteringSchema.prefault({}),
  }),
  z.object({
    type: z.literal("leave"),
    room: roomSchema,
    payload: z.object({ back: z.boolean().default(false) }).prefault({}),
  }),
  z.object({ type: z.literal("refresh_token"), payload: connectionClientSchemas.refresh_token }),
  z.object({ type: z.literal("ping") }),
]);

const OWN_TYPES: ReadonlySet<unknown> = new Set(["join", "leave", "refresh_token", "ping"]);

/** What a client says on a connection of many rooms: to the connection, or to one of its rooms. */
export type GatewayFrame =
  | z.output<typeof ownSchema>
  | { readonly type: "to_room"; readonly room: string; readonly isReadMark: boolean };

/**
 * A frame that was checked as far as the connection itself must know it, or why it was refused; and
 * what an answer names, as far as that can be read.
 */
export type ParsedGatewayFrame = { readonly messageId?: string; readonly room?: string } & (
  | { readonly ok: true; readonly frame: GatewayFrame }
  | { readonly ok: false; readonly error: Refusal }
);

const NO_ROOM = refusal(
  "invalid_frame",
  'On this connection a frame names its room: {"type": …, "room": …}; enter it by "join" before.',
);

/** Reads one frame off the wire as far as the connection itself must know it. What is for a room is checked by that. */
export function readGatewayFrame(wire: Wire, raw: Raw): ParsedGatewayFrame {
  const decoded = decodeFrame(wire, raw);
  return decoded.ok
    ? parsedFrame(decoded.value)
    : { ok: false, ...messageIdOf(decoded), error: decoded.error };
}

function parsedFrame(value: unknown): ParsedGatewayFrame {
  const { type, room }: { type?: unknown; room?: unknown } = Object(value);
  const whose = roomSchema.safeParse(room);
  const answering = { ...messageIdOf(value), ...(whose.success ? { room: whose.data } : {}) };
  if (OWN_TYPES.has(type)) {
    const parsed = ownSchema.safeParse(value, { error: issueWords });
    return parsed.success
      ? { ok: true, ...answering, frame: parsed.data }
      : {
          ok: false,
          ...answering,
          error: issuesRefusal(parsed.error, "invalid_frame", "the frame"),
        };
  }
  return typeof type === "string" && whose.success
    ? {
        ok: true,
        ...answering,
        frame: { type: "to_room", room: whose.data, isReadMark: type === "read_mark" },
      }
    : { ok: false, ...answering, error: NO_ROOM };
}
