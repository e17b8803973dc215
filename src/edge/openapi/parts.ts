import * as z from "zod";
import type { ErrorCode } from "../../protocol/error.ts";
import { messageIdSchema, userIdSchema } from "../../protocol/field-schema.ts";
import {
  asQuerySchema,
  deadLetterIdSchema,
  lastValueParamSchema,
  sentAtQuerySchema,
  seqParamSchema,
  versionIdSchema,
} from "../../protocol/http.ts";
import { ROOM_NAME } from "../../protocol/room-name.ts";
import type { Answer, AnswerHeader } from "./operation.ts";

/** `:room` in a path. An inbox is named after its user, whose id may hold anything. */
const room = z.string().meta({
  description:
    "The room's name. `user:<userId>` is an inbox, `topic:<x>` a topic, `document:<x>` a document.",
  pattern: `${ROOM_NAME.source}|^user:[\\s\\S]{1,128}$`,
});

const seq = seqParamSchema.meta({ description: "The message's `seq`." });

/** `document:<name>` has to be a room's name. */
const documentParam = z
  .string()
  .regex(/^[A-Za-z0-9._~:-]{1,119}$/)
  .meta({ description: "Its name." });

/** The parameters of paths. */
export const PARAMS = {
  room: z.object({ room }),
  document: z.object({ document: documentParam }),
  version: z.object({
    document: documentParam,
    id: versionIdSchema.meta({ description: "The version's id." }),
  }),
  message: z.object({ room, seq }),
  lastValue: z.object({
    room,
    event: lastValueParamSchema.meta({ description: "The event's name, percent-encoded." }),
  }),
  member: z.object({ room, userId: userIdSchema }),
  documentDeadLetter: z.object({
    document: documentParam,
    id: deadLetterIdSchema.meta({ description: "The letter's id." }),
  }),
  deadLetter: z.object({ room, id: deadLetterIdSchema.meta({ description: "The letter's id." }) }),
  inbox: z.object({ userId: userIdSchema.meta({ description: "Whose inbox it is." }) }),
};

/** Queries that more than one operation takes. */
export const QUERIES = {
  as: asQuerySchema,
  stored: asQuerySchema.extend(sentAtQuerySchema.shape),
};

/** The key that makes a repeated request the same request. */
export const IDEMPOTENCY = z.object({
  "Idempotency-Key": messageIdSchema.optional().meta({
    description:
      "Names the request. The same one again under the same key is stored once and answered alike, " +
      "for five minutes, or with `sentAt` for as long as the log lasts; another one is `conflict`.",
  }),
});

/** A page that is asked for again. */
export const CONDITIONAL = z.object({
  "If-None-Match": z
    .string()
    .optional()
    .meta({ description: "The `ETag` of the page that one has: 304 while nothing has changed." }),
});

/** The headers of answers. */
export const ANSWER_HEADERS = {
  etag: {
    description: "Names these bytes, for `If-None-Match`.",
    schema: z.string().regex(/^"[0-9a-f]{40}"$/),
  },
  revalidate: {
    description: "To be kept only by its reader, and asked for again each time.",
    schema: z.literal("private, no-cache"),
  },
  askAgain: { description: "To be asked for again each time.", schema: z.literal("no-cache") },
  noStore: { description: "Not to be kept.", schema: z.literal("no-store") },
} satisfies Record<string, AnswerHeader>;

/** An answer in JSON. */
export function json(
  status: number,
  description: string,
  schema: z.ZodType,
  headers?: Answer["headers"],
): Answer {
  const content = { type: "application/json", schema } as const;
  return { status, description, ...(headers === undefined ? {} : { headers }), content };
}

/**
 * The answers to a request that may be {@link CONDITIONAL}: the thing itself, and that it is what
 * one has.
 */
export function conditionally(
  { description, schema }: { readonly description: string; readonly schema: z.ZodType },
  unchanged: string,
  cacheControl: AnswerHeader,
): readonly Answer[] {
  const headers = { ETag: ANSWER_HEADERS.etag, "Cache-Control": cacheControl };
  return [
    json(200, description, schema, headers),
    { status: 304, description: unchanged, headers },
  ];
}

/** What can become of any request. */
const ALWAYS = ["invalid_request", "rate_limited", "internal", "not_configured"] as const;

const ROOM = [...ALWAYS, "unauthorized", "token_expired", "access_denied", "banned"] as const;

/** The errors of whole groups of operations. */
export const ERRORS = {
  always: ALWAYS,
  /** Who asks a room for something as a user. */
  room: ROOM,
  /** The same, where only rooms of some kinds have that. */
  kind: [...ROOM, "not_found"],
} as const satisfies Record<string, readonly ErrorCode[]>;
