import * as z from "zod";
import { isBlank } from "./blank-text.ts";
import { EDITOR_BOUNDS } from "./editor-limits.ts";
import { userIdSchema } from "./field-schema.ts";
import { GATEWAY_BOUNDS } from "./gateway-limits.ts";
import { PERMISSIONS } from "./grant.ts";
import { GRANT_PATTERN } from "./grant-pattern.ts";
import { BOUNDS } from "./limits.ts";
import { namedContractSchema } from "./named-contract.ts";
import { fitName, isFitName } from "./user-name.ts";
import { VERSION_BOUNDS } from "./version-limits.ts";

/** A display name: NFC, without what would disturb the text around it. */
export const userNameSchema = z
  .string()
  .meta({ minLength: 1, maxLength: BOUNDS.userNameChars })
  .refine(isFitName, "must have no control characters, line ends or direction overrides")
  .transform(fitName)
  .pipe(
    z
      .string()
      .max(BOUNDS.userNameChars)
      .refine((name) => !isBlank(name), "must have something that can be seen"),
  );
/** The `rooms` claim: grants by room name or prefix. */
const grantsSchema = z.record(
  z.string().regex(GRANT_PATTERN, "is not a room name or prefix*"),
  z.array(z.enum(PERMISSIONS)),
);

/** Body of `POST /v1/tokens`. */
export const tokenRequestSchema = z.object({
  sub: userIdSchema,
  name: userNameSchema.optional(),
  rooms: grantsSchema.optional(),
  ttlSeconds: z.int().min(1).max(BOUNDS.tokenTtlMaxSeconds).default(BOUNDS.tokenTtlDefaultSeconds),
});

/** Body of `POST /v1/guests`. */
export const guestRequestSchema = z.object({
  name: userNameSchema,
  renew: z.string().min(1).max(BOUNDS.tokenChars).optional().meta({
    description:
      "An earlier guest token, also one that ended less than 30 days ago: stay who one was.",
  }),
  rooms: grantsSchema.optional().meta({
    description:
      "Less than a guest may: these rooms alone, by their names, and this there. Such a token is not renewed.",
  }),
});

/** A whole number in a path or a query string. */
function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

const beforeSchema = wholeNumber(1, Number.MAX_SAFE_INTEGER)
  .optional()
  .meta({ description: "Only what comes before this seq, the newest of it." });

const limitSchema = wholeNumber(1, BOUNDS.historyMax)
  .default(BOUNDS.historyDefault)
  .meta({ description: "How many at most." });

/** Query of `GET /messages`. */
export const historyQuerySchema = z
  .object({
    before: beforeSchema,
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .meta({ description: "Only what comes after this seq, the oldest of it." }),
    limit: limitSchema,
  })
  .refine((query) => query.before === undefined || query.after === undefined, {
    error: "give before or after, not both",
    path: ["before"],
  });

/** Query of `GET /query/:name`. */
export const inputQuerySchema = z.object({
  input: z
    .string()
    .max(BOUNDS.queryInputChars)
    .optional()
    .meta({ description: "What the query takes, as JSON." }),
});

/** Query of `GET /notifications`. */
export const notificationsQuerySchema = z.object({
  before: beforeSchema,
  limit: limitSchema,
  unread: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .pipe(z.boolean())
    .default(false)
    .meta({ description: "Only those that are unread." }),
});

const contractSchema = namedContractSchema.optional().meta({
  description:
    "In a room of a team's own kind: the contract by which you fold its events. Whose is another, or none, is sent the state.",
});

/** Query of every way in that can resume. */
export const cursorQuerySchema = z.object({
  contract: contractSchema,
  since: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: "The seq of the last event seen: read on from there." }),
  epoch: z
    .string()
    .max(BOUNDS.epochChars)
    .optional()
    .meta({ description: "The life of the log that `since` belongs to." }),
});

/** Query of `GET /ws` and `GET /events`. */
export const joinQuerySchema = cursorQuerySchema.extend({
  history: wholeNumber(0, BOUNDS.historyMax)
    .default(BOUNDS.historyDefault)
    .meta({ description: "How much of the newest history, for clients that do not resume." }),
});

/** Query of a WebSocket. */
export const socketQuerySchema = joinQuerySchema.extend({
  echo: z.literal("true").optional().meta({
    description:
      "The connection's own `event` and `user_typing` come to it as well, and it leaves them out itself: an event whose `origin` is that of `joined_room` is its own.",
  }),
});

/** Query of `GET /poll`. */
export const pollQuerySchema = cursorQuerySchema.extend({
  wait: wholeNumber(0, BOUNDS.pollWaitMaxSeconds)
    .default(0)
    .meta({ description: "Seconds to wait for something to happen: 0 is a short poll." }),
});

const roomsSchema = z
  .string()
  .regex(
    new RegExp(`^[^,]+(,[^,]+){0,${GATEWAY_BOUNDS.rooms - 1}}$`),
    `must be 1 to ${GATEWAY_BOUNDS.rooms} names of rooms, with commas between`,
  )
  .meta({ description: "Names of rooms, with commas between." });

const roomsCursorSchema = z
  .string()
  .optional()
  .meta({ description: "What the answer before, or the last event, said: read on from there." });

/** Query of `GET /events`, of many rooms. */
export const roomsEventsQuerySchema = joinQuerySchema
  .pick({ history: true })
  .extend({ rooms: roomsSchema, cursor: roomsCursorSchema });

/** Query of `GET /poll`, of many rooms. */
export const roomsPollQuerySchema = pollQuerySchema
  .pick({ wait: true })
  .extend({ rooms: roomsSchema, cursor: roomsCursorSchema });

/** Query of `DELETE /users/:userId`. */
export const kickQuerySchema = z.object({
  ban: wholeNumber(1, BOUNDS.banMaxSeconds)
    .optional()
    .meta({ description: "Seconds for which to keep them out." }),
});

const rootsSchema = z.string().min(1).max(EDITOR_BOUNDS.rootsChars).optional();

/** Query of `GET /documents/:document` without an upgrade. */
export const documentQuerySchema = z.object({
  as: z.enum(["update", "json", "text"]).meta({ description: "As what the document is read." }),
  roots: rootsSchema.meta({
    description: "For JSON: roots and what they are, such as `notes:text,todo:array`.",
  }),
  root: rootsSchema.meta({ description: "For text: which root; without it, the only text." }),
});

/** A version's id in a path. */
export const versionIdSchema = wholeNumber(1, VERSION_BOUNDS.idMax);

/** Query of `GET /documents/:document/versions`. */
export const versionsQuerySchema = z.object({
  before: versionIdSchema.optional().meta({ description: "Only those older than this one." }),
  limit: wholeNumber(1, VERSION_BOUNDS.pageMax)
    .default(VERSION_BOUNDS.pageDefault)
    .meta({ description: "How many at most." }),
});

const labelSchema = z
  .string()
  .min(1)
  .max(VERSION_BOUNDS.labelChars)
  .refine((label) => !isBlank(label), "must have something that can be seen");

/** Body of `POST /documents/:document/versions`, which may be absent. */
export const versionBodySchema = z.object({
  label: labelSchema.optional().meta({ description: "What the version is called." }),
});

/** Body of `PATCH /documents/:document/versions/:id`. */
export const versionLabelSchema = z.object({
  label: labelSchema.nullable().meta({ description: "What it is called; `null` takes that off." }),
});

/** Body of `POST /reauthorize`, which may be absent. */
export const reauthorizeBodySchema = z.object({
  userId: userIdSchema.optional().meta({ description: "About whom alone." }),
});

/** Query of a request that the API key makes on a user's behalf. */
export const asQuerySchema = z.object({
  as: userIdSchema
    .optional()
    .meta({ description: "With the API key: the user on whose behalf it acts." }),
});

/** Query of a request that is stored. */
export const sentAtQuerySchema = z.object({
  sentAt: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({
      description:
        "The log's head as you knew it when you first sent this request: with it, the same key is " +
        "the same request for as long as the log lasts.",
    }),
});

/** `:event` in a path: whatever a topic may have stored, also before names were checked. */
export const lastValueParamSchema = z.string().min(1).max(BOUNDS.publishEventChars);

/** `:seq` in a path. */
export const seqParamSchema = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** The id of a dead letter in a path. */
export const deadLetterIdSchema = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Query of `GET /dead-letters`. */
export const deadLettersQuerySchema = z.object({
  before: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: "Only what was given up before the letter of this id." }),
  limit: limitSchema,
});
