import { z } from "zod";
import { seqSchema, userIdSchema } from "./client-frame-schema.ts";
import { PERMISSIONS } from "./grant.ts";
import { BOUNDS } from "./limits.ts";

const wellFormed = z.string().refine((text) => text.isWellFormed(), "must be well-formed Unicode");

/** A display name. */
export const userNameSchema = wellFormed.trim().min(1).max(BOUNDS.userNameChars);
/** The `rooms` claim: grants by room name or prefix. */
export const grantsSchema = z.record(
  z
    .string()
    .regex(
      /^(?:[A-Za-z0-9._~:-]{0,128}\*|[A-Za-z0-9._~:-]{1,128})$/,
      "is not a room name or prefix*",
    ),
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
export const guestRequestSchema = z.object({ name: userNameSchema });

/** A whole number in a query string. */
function queryNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

/** Query of `GET /messages`. */
export const historyQuerySchema = z
  .object({
    before: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
    after: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
    limit: queryNumber(1, BOUNDS.historyMax).default(BOUNDS.historyDefault),
  })
  .refine((query) => query.before === undefined || query.after === undefined, {
    error: "give before or after, not both",
    path: ["before"],
  });

/** Query of `GET /notifications`. */
export const notificationsQuerySchema = z.object({
  before: queryNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  limit: queryNumber(1, BOUNDS.historyMax).default(BOUNDS.historyDefault),
  unread: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true"),
});

/** Query of every way in that can resume. */
export const cursorQuerySchema = z.object({
  since: queryNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  epoch: z.string().max(BOUNDS.epochChars).optional(),
});

/** Query of `GET /ws` and `GET /events`. */
export const joinQuerySchema = cursorQuerySchema.extend({
  history: queryNumber(0, BOUNDS.historyMax).default(BOUNDS.historyDefault),
});

/** Query of `GET /poll`; `wait` in seconds. */
export const pollQuerySchema = cursorQuerySchema.extend({
  wait: queryNumber(0, BOUNDS.pollWaitMaxSeconds).default(0),
});

/** Query of `DELETE /users/:userId`. */
export const kickQuerySchema = z.object({ ban: queryNumber(1, BOUNDS.banMaxSeconds).optional() });

/** Query of a request that the API key makes on a user's behalf. */
export const asQuerySchema = z.object({ as: userIdSchema.optional() });

/** `:seq` in a path. */
export const seqParamSchema = z
  .string()
  .regex(/^\d{1,16}$/, "must be a whole number")
  .transform(Number)
  .pipe(seqSchema);
