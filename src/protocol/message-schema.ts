import * as z from "zod";
import { describes } from "./describes.ts";
import { messageIdSchema, seqSchema } from "./field-schema.ts";
import type { Json } from "./json.ts";
import type { DeletedMessage, Message, PresentUser, User } from "./message.ts";

/** A time as it travels. */
export const timestampSchema = z.iso.datetime().meta({ description: "ISO 8601, in UTC." });

/** Any JSON that somebody else's application has put there. */
export const anyJson = z.custom<Json>((value) => value !== undefined);

/** A person in a room. */
export const userSchema = describes<User>()(
  z.object({ userId: z.string(), name: z.string() }),
).meta({ id: "User" });

/** A person in a room, and what it shows of itself. */
export const presentUserSchema = describes<PresentUser>()(
  userSchema.extend({ data: anyJson.exactOptional() }),
).meta({ id: "PresentUser" });

/** A chat message in its present state. */
export const messageSchema = describes<Message>()(
  z.object({
    seq: seqSchema,
    messageId: messageIdSchema,
    userId: z.string(),
    userName: z.string(),
    content: z.string(),
    replyTo: seqSchema.exactOptional(),
    mentions: z.array(z.string()).exactOptional(),
    data: anyJson.exactOptional(),
    timestamp: timestampSchema,
    editedAt: timestampSchema.exactOptional(),
    reactions: z
      .record(z.string(), z.array(z.string()))
      .exactOptional()
      .meta({ description: "User ids by emoji, in the order they came." }),
  }),
).meta({ id: "Message" });

/** What stands in the place of a message that was deleted. */
export const deletedMessageSchema = describes<DeletedMessage>()(
  z.object({ seq: seqSchema, deleted: z.literal(true) }),
).meta({ id: "DeletedMessage" });
