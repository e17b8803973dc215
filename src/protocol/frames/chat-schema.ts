import * as z from "zod";
import { isBlank } from "../blank-text.ts";
import { describes } from "../describes.ts";
import { jsonSchema, keySchema, seqSchema, TOO_LARGE, userIdSchema } from "../field-schema.ts";
import { BOUNDS } from "../limits.ts";
import { messageSchema, userSchema } from "../message-schema.ts";
import type { ChatServerPayloads } from "./chat.ts";

const NOTHING_TO_SEE = "must have something that can be seen";

/** Schemas of what is sent in a chat room; `contentChars` is a setting. */
export function chatClientSchemas(contentChars: number) {
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
  };
}

/** Schemas of what is told in a chat room. */
export const chatServerSchemas = {
  new_message: messageSchema,
  message_edited: messageSchema,
  message_deleted: describes<ChatServerPayloads["message_deleted"]>()(
    z.object({ seq: seqSchema, userId: z.string() }),
  ),
  message_reacted: describes<ChatServerPayloads["message_reacted"]>()(
    z.object({
      seq: seqSchema,
      emoji: z.string(),
      userId: z.string(),
      remove: z.literal(true).exactOptional(),
    }),
  ),
  user_typing: describes<ChatServerPayloads["user_typing"]>()(
    userSchema.extend({ typing: z.boolean() }),
  ),
  messages_read: describes<ChatServerPayloads["messages_read"]>()(
    z.object({ userId: z.string(), upTo: z.int().min(0) }),
  ),
};
