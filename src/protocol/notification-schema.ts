import { z } from "zod";
import { jsonSchema } from "./client-frame-schema.ts";
import { BOUNDS } from "./limits.ts";

/** A link that a page may follow: `javascript:` and its like would run in the reader's session. */
const url = z
  .string()
  .max(BOUNDS.notificationUrlChars)
  .regex(/^(?:https?:\/\/|\/(?!\/))/i, "must begin with http://, https:// or /");

/** What a backend may say to a user (CONTRACT §7). */
export const notificationSchema = z.object({
  type: z.string().min(1).max(BOUNDS.notificationTypeChars),
  title: z.string().min(1).max(BOUNDS.notificationTitleChars),
  body: z.string().max(BOUNDS.notificationBodyChars).optional(),
  url: url.optional(),
  data: jsonSchema(BOUNDS.notificationDataBytes).optional(),
});
