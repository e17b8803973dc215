import * as z from "zod";
import { isBlank } from "./blank-text.ts";
import type { ClientFrame } from "./client-frame.ts";
import { type Refusal, refusal } from "./error.ts";
import { FRAMES_BY_KIND } from "./frames-by-kind.ts";
import { issueWords, tellIssues } from "./issue-words.ts";
import { type Json, type JsonProblem, jsonBytes, payloadProblem } from "./json.ts";
import { isKeyText } from "./key-text.ts";
import { BOUNDS } from "./limits.ts";
import type { LogKind } from "./room-name.ts";
import { isUserId } from "./user-id.ts";
import { isWellFormed } from "./well-formed.ts";

/** The `seq` of a stored event. */
export const seqSchema = z.int().min(1);

/** The client's idempotency key. It stands beside the payload, whose text is checked as a whole. */
export const messageIdSchema = z
  .string()
  .min(1)
  .max(BOUNDS.messageIdChars)
  .refine(isWellFormed, "must be well-formed Unicode");

/** Where the log stood for the sender of a frame when it first sent it. */
export const sentAtSchema = z.int().min(0);

/** A user's id: the `sub` of a token. */
export const userIdSchema = z
  .string()
  .refine(
    isUserId,
    `must be 1 to ${BOUNDS.userIdChars} characters that can be seen, and not ".", ".." or "__proto__"`,
  )
  .meta({ minLength: 1, maxLength: BOUNDS.userIdChars });

/** Text that becomes a key in what others read: an emoji, the name of an event. */
function keySchema(maxChars: number) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .refine(isKeyText, 'must be text that can be seen, and not "__proto__"');
}

/** The name of an event that is published. */
export const eventNameSchema = keySchema(BOUNDS.publishEventChars);

const NOTHING_TO_SEE = "must have something that can be seen";

// Marks issues about size, which are answered `too_large` and not `invalid_frame`.
const TOO_LARGE = { tooLarge: true };

/**
 * A value of JSON of at most so many bytes; a larger one is `too_large`. What of it readers could not
 * read is found by `payloadProblem`, which looks at all of a payload.
 */
export function jsonSchema(maxBytes: number) {
  return z
    .custom<Json>((value) => value !== undefined, "is required")
    .refine((value) => jsonBytes(value) <= maxBytes, {
      error: `must be at most ${maxBytes} bytes of JSON`,
      params: TOO_LARGE,
    })
    .meta({
      description: `Any JSON, of at most ${maxBytes} bytes as text: nested at most ${BOUNDS.dataDepth} deep, with no integer from 2^53 up to 10^21 (send it as text), and no key "__proto__".`,
    });
}

const readNotificationsSchema = z.union(
  [
    z.strictObject({ upTo: z.int().min(0) }),
    z.strictObject({
      ids: z
        .array(seqSchema)
        .min(1)
        .max(BOUNDS.notificationIds)
        .transform((ids) => [...new Set(ids)]),
    }),
  ],
  { error: `must be {upTo: seq} or {ids: [1 to ${BOUNDS.notificationIds} seqs]}` },
);

const schemasByContentChars = new Map<number, PayloadSchemas>();

/** Schemas of every payload a client may send, by frame type; `contentChars` is a setting. */
export function payloadSchemas(contentChars: number): PayloadSchemas {
  // Building them takes longer than any use of them.
  let schemas = schemasByContentChars.get(contentChars);
  if (schemas === undefined) {
    schemas = buildPayloadSchemas(contentChars);
    schemasByContentChars.set(contentChars, schemas);
  }
  return schemas;
}

function buildPayloadSchemas(contentChars: number) {
  const text = z
    .string()
    .refine(({ length }) => length <= contentChars, {
      error: `must be at most ${contentChars} characters`,
      params: TOO_LARGE,
    })
    .meta({ maxLength: contentChars });
  const content = text.refine((text) => !isBlank(text), NOTHING_TO_SEE).meta({ minLength: 1 });
  return {
    send_message: z
      .object({
        content: text
          .refine((text) => text === "" || !isBlank(text), NOTHING_TO_SEE)
          .default("")
          .meta({ description: "May be left out or empty when there is `data`." }),
        replyTo: seqSchema.optional(),
        mentions: z
          .array(userIdSchema)
          .max(BOUNDS.mentions)
          .transform((ids) => [...new Set(ids)])
          .optional(),
        data: jsonSchema(BOUNDS.messageDataBytes).optional(),
      })
      .refine(({ content, data }) => content !== "" || data !== undefined, {
        error: "a message has content, or data, or both",
        path: ["content"],
      }),
    edit_message: z.object({ seq: seqSchema, content }),
    delete_message: z.object({ seq: seqSchema }),
    react: z.object({
      seq: seqSchema,
      emoji: keySchema(BOUNDS.emojiChars),
      remove: z.boolean().optional(),
    }),
    read_messages: z.object({ upTo: z.int().min(0) }),
    publish: z.object({
      event: eventNameSchema,
      data: jsonSchema(BOUNDS.publishDataBytes),
      conflate: z.boolean().optional(),
    }),
    read_notifications: readNotificationsSchema,
    refresh_token: z.object({ token: z.string().min(1).max(BOUNDS.tokenChars) }),
  };
}

/** The payload schemas of one deployment's settings. */
export type PayloadSchemas = ReturnType<typeof buildPayloadSchemas>;

/** A checked frame, or why it was refused; and the messageId that an answer names, if it has one. */
export type ParsedFrame = { readonly messageId?: string } & (
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly error: Refusal }
);

function frameSchema(payloads: PayloadSchemas) {
  const durable = { messageId: messageIdSchema, sentAt: sentAtSchema.optional() };
  return z.discriminatedUnion("type", [
    z.object({ type: z.literal("send_message"), ...durable, payload: payloads.send_message }),
    z.object({ type: z.literal("edit_message"), ...durable, payload: payloads.edit_message }),
    z.object({ type: z.literal("delete_message"), ...durable, payload: payloads.delete_message }),
    z.object({ type: z.literal("react"), ...durable, payload: payloads.react }),
    z.object({ type: z.literal("typing_start") }),
    z.object({ type: z.literal("typing_end") }),
    z.object({ type: z.literal("read_messages"), payload: payloads.read_messages }),
    z.object({ type: z.literal("publish"), payload: payloads.publish }),
    z.object({ type: z.literal("read_notifications"), payload: payloads.read_notifications }),
    z.object({ type: z.literal("refresh_token"), payload: payloads.refresh_token }),
    z.object({ type: z.literal("leave_room") }),
    z.object({ type: z.literal("ping") }),
  ]);
}

/**
 * Makes the parser of decoded frames for one kind of room and one deployment's settings. Unknown
 * fields are dropped.
 */
export function frameParser(kind: LogKind, contentChars: number): (value: unknown) => ParsedFrame {
  const schema = frameSchema(payloadSchemas(contentChars));
  const known: ReadonlySet<string> = FRAMES_BY_KIND[kind];
  return (value) => {
    const answering = messageIdOf(value);
    const type = field(value, "type");
    if (typeof type === "string" && !known.has(type)) {
      const named = type.slice(0, 64).toWellFormed();
      const message = `A room of kind "${kind}" takes no frame of type "${named}".`;
      return { ok: false, ...answering, error: refusal("unknown_type", message) };
    }
    const problem = payloadProblem(field(value, "payload") ?? null);
    if (problem !== undefined) {
      return { ok: false, ...answering, error: jsonRefusal(problem, "invalid_frame", "payload") };
    }
    const parsed = schema.safeParse(value, { error: issueWords });
    return parsed.success
      ? { ok: true, ...answering, frame: parsed.data }
      : {
          ok: false,
          ...answering,
          error: issuesRefusal(parsed.error, "invalid_frame", "the frame"),
        };
  };
}

/**
 * Turns the first things that a schema found wrong into one refusal, naming each field.
 *
 * @param whole what to call the value itself.
 */
export function issuesRefusal(
  error: z.ZodError,
  code: "invalid_frame" | "invalid_request",
  whole: string,
): Refusal {
  const tooLarge = error.issues.some(
    (issue) => issue.code === "custom" && issue.params?.["tooLarge"] === true,
  );
  return refusal(tooLarge ? "too_large" : code, bounded(tellIssues(error, whole)));
}

/**
 * Turns what some reader could not read into a refusal that names its place.
 *
 * @param whole what to call the value itself.
 */
export function jsonRefusal(
  { path, message }: JsonProblem,
  code: "invalid_frame" | "invalid_request",
  whole: string,
): Refusal {
  return refusal(code, bounded(`${[whole, ...path].join(".")} ${message}`));
}

/** A stranger's own words may be in it, and be long. */
function bounded(message: string): string {
  return message.slice(0, 500).toWellFormed();
}

/** The messageId that an answer names, if it can be read. */
export function messageIdOf(value: unknown): { messageId?: string } {
  const parsed = messageIdSchema.safeParse(field(value, "messageId"));
  return parsed.success ? { messageId: parsed.data } : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
