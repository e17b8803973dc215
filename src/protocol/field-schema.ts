import * as z from "zod";
import { type Json, jsonBytes } from "./json.ts";
import { isKeyText } from "./key-text.ts";
import { BOUNDS } from "./limits.ts";
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
export function keySchema(maxChars: number) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .refine(isKeyText, 'must be text that can be seen, and not "__proto__"');
}

/** The name of an event that is published. */
export const eventNameSchema = keySchema(BOUNDS.publishEventChars);

/** Marks issues about size, which are answered `too_large` and not `invalid_frame`. */
export const TOO_LARGE = { tooLarge: true };

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
