import * as z from "zod";
import { cursorSchema } from "./cursor.ts";
import { messageIdSchema, seqSchema } from "./field-schema.ts";
import { isDurableType } from "./frames.ts";
import { issueWords, tellIssues } from "./issue-words.ts";
import { isReadableKey } from "./key-text.ts";
import { BOUNDS } from "./limits.ts";
import { anyJson } from "./message-schema.ts";
import { UNREAD_ENDING } from "./notification.ts";
import { SERVER_PAYLOADS } from "./server-frame-schema.ts";
import { isWellFormed } from "./well-formed.ts";

/** Version of the lines of an export. Raised when older code could not take them back. */
export const ARCHIVE_VERSION = 1;

/** Counts, and times as whole milliseconds since the epoch: no date is later (ECMA-262 §21.4.1.1). */
const wholeSchema = z.int().min(0).max(8.64e15);
/** What is stored was checked when it came, by the rules of its day: only what a table needs is now. */
export const storedIdSchema = z.string().min(1).max(BOUNDS.userIdChars);

const roomLineSchema = z.object({
  type: z.literal("room"),
  version: z.literal(ARCHIVE_VERSION),
  room: z.string(),
  kind: z.string(),
  /** The life of the log, `seq` of its newest event, and of the oldest that it still has. */
  epoch: z.string().min(1).max(BOUNDS.epochChars),
  head: wholeSchema,
  oldest: z.int().min(1),
  /** Earlier lives that this one went on from by an import, and how far each had come. */
  former: z.array(cursorSchema).max(BOUNDS.formerLives),
});

const eventLineSchema = z.object({
  type: z.literal("event"),
  seq: seqSchema,
  /** Goes into JSON text as it is. */
  event: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "is no type of event"),
  at: wholeSchema,
  userId: storedIdSchema,
  messageId: messageIdSchema,
  target: wholeSchema.optional(),
  lastEdit: seqSchema.optional(),
  /** Of a message: how often it was edited. */
  edits: wholeSchema.optional(),
  /** Of the request that caused it, so that its key goes on naming it. */
  fingerprint: z.int().optional(),
  payload: anyJson,
});

const endLineSchema = z.object({ type: z.literal("end"), lines: wholeSchema });

const LINES = [
  roomLineSchema,
  eventLineSchema,
  z.object({ type: z.literal("receipt"), userId: storedIdSchema, upTo: wholeSchema }),
  z.object({ type: z.literal("ban"), userId: storedIdSchema, until: wholeSchema }),
  endLineSchema,
] as const;

/** The schema of a line that is a kind's own. */
export type LineSchema = z.ZodObject & { readonly shape: { readonly type: z.ZodLiteral<string> } };

/** The schema of a line of an export of rooms whose kinds have such lines of their own. */
export function archiveLineSchema(own: readonly LineSchema[]) {
  return z.discriminatedUnion("type", [...LINES, ...own]).meta({ id: "ArchiveLine" });
}

/** The first line of an export: what it is of. */
export type RoomLine = z.infer<typeof roomLineSchema>;
/** An event of the log, its payload as it is sent. */
export type EventLine = z.infer<typeof eventLineSchema>;
/** A line that is a kind's own, as its schema put it out. */
export interface KindLine {
  readonly type: "of-kind";
  readonly line: { readonly type: string };
}

/** A line of an export. */
export type ArchiveLine = z.infer<(typeof LINES)[number]> | KindLine;

/**
 * Makes the reader of lines of an export.
 *
 * @param own schemas of the lines that are the kind's own.
 * @returns throws an Error that says what is wrong with a line.
 */
export function lineParser(own: readonly LineSchema[]): (text: string) => ArchiveLine {
  const schema = archiveLineSchema(own);
  const ownTypes = new Set(own.flatMap(({ shape }) => [...shape.type.values]));
  return (text) => {
    const value = readJson(text);
    if (isDeeper(value, BOUNDS.archiveDepth)) {
      throw new Error(`nests more than ${BOUNDS.archiveDepth} levels deep`);
    }
    const parsed = schema.safeParse(value, { error: issueWords });
    if (!parsed.success) throw new Error(tellIssues(parsed.error, "the line"));
    // Its type tells what it is.
    const own = parsed.data as KindLine["line"];
    if (ownTypes.has(own.type)) return { type: "of-kind", line: own };
    const line = parsed.data as Exclude<ArchiveLine, KindLine>;
    if (line.type === "event") checkPayload(line);
    return line;
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text, readable);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error("is not valid JSON") : error;
  }
}

/** What readers of MessagePack could not read, or JSON could not say again, is in no export of ours. */
function readable(key: string, value: unknown): unknown {
  const isReadable =
    isReadableKey(key) &&
    (typeof value !== "string" || isWellFormed(value)) &&
    (typeof value !== "number" || Number.isFinite(value));
  if (isReadable) return value;
  throw new Error(`${JSON.stringify(key)} is, or holds, what not every reader can read`);
}

/** Whether arrays and objects nest more than so many levels deep. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** An event of a type that this code does not know is taken as it is: newer code may have stored it. */
function checkPayload({ event, seq, target, payload }: EventLine): void {
  if (!isDurableType(event)) return;
  const parsed = SERVER_PAYLOADS[event].safeParse(payload, { error: issueWords });
  if (!parsed.success) throw new Error(tellIssues(parsed.error, "the payload"));
  const told: { readonly seq?: unknown; readonly version?: unknown } = parsed.data;
  const isOwn = event === "new_message" || event === "notification";
  if (isOwn && told.seq !== seq) throw new Error(`payload.seq is ${told.seq}, and not ${seq}`);
  if (event === "remote_change" && told.version !== target) {
    throw new Error(`payload.version is ${told.version}, and not ${target}, its target`);
  }
  if (event === "notification" && !JSON.stringify(payload).endsWith(UNREAD_ENDING)) {
    throw new Error('a notification\'s payload ends with "read": false');
  }
}
