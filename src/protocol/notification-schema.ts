import * as z from "zod";
import { isBlank } from "./blank-text.ts";
import { describes } from "./describes.ts";
import { jsonSchema, messageIdSchema, seqSchema } from "./field-schema.ts";
import { BOUNDS } from "./limits.ts";
import { anyJson, timestampSchema } from "./message-schema.ts";
import type { Notification } from "./notification.ts";

/**
 * A link that a page may follow: `javascript:` and its like would run in the reader's session. A
 * path stays with the page's own host: browsers read `\\` as `/`, and drop tabs and line ends.
 */
const url = z
  .string()
  .max(BOUNDS.notificationUrlChars)
  .regex(/^(?:https?:\/\/|\/(?![/\\\t\n\r]))/i, "must begin with http://, https:// or /");

function visible(maxChars: number) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .refine((text) => !isBlank(text), "must have something that can be seen");
}

/** What a backend may say to a user (P8.1). */
export const notificationSchema = z.object({
  type: visible(BOUNDS.notificationTypeChars),
  title: visible(BOUNDS.notificationTitleChars),
  body: z.string().max(BOUNDS.notificationBodyChars).optional(),
  url: url.optional(),
  data: jsonSchema(BOUNDS.notificationDataBytes).optional(),
});

/** A notification as its owner sees it. */
export const storedNotificationSchema = describes<Notification>()(
  z.object({
    seq: seqSchema,
    id: messageIdSchema,
    type: z.string(),
    title: z.string(),
    body: z.string().optional(),
    url: z.string().optional(),
    data: anyJson.optional(),
    timestamp: timestampSchema,
    read: z.boolean(),
  }),
).meta({ id: "Notification" });
