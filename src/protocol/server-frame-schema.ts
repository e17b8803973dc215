import * as z from "zod";
import { messageIdSchema, seqSchema } from "./client-frame-schema.ts";
import { describes } from "./describes.ts";
import { refusalSchema } from "./error-schema.ts";
import { anyJson, messageSchema, timestampSchema, userSchema } from "./message-schema.ts";
import { storedNotificationSchema } from "./notification-schema.ts";
import type {
  DurableType,
  Greeting,
  JoinedInbox,
  JoinedRoom,
  JoinedTopic,
  LastValue,
  ServerFrameType,
  ServerPayloads,
} from "./server-frame.ts";

/** How far someone has read, where a log stands, how many there are. */
const countSchema = z.int().min(0);
const idSchema = z.string();

const greetingSchema = describes<Greeting>()(
  z.object({
    roomId: idSchema,
    userId: idSchema,
    epoch: z.string(),
    seq: countSchema,
    users: z.array(userSchema),
    reads: z.record(z.string(), countSchema),
    origin: z.string().optional(),
    recovered: z.boolean(),
    heartbeatMs: z.int(),
    limits: z.object({ frameBytes: z.int(), contentChars: z.int(), framesPerSecond: z.int() }),
  }),
);

const joinedRoomSchema = describes<JoinedRoom>()(
  greetingSchema.extend({ history: z.array(messageSchema) }),
).meta({ id: "JoinedRoom" });

const joinedInboxSchema = describes<JoinedInbox>()(
  greetingSchema.extend({ history: z.array(storedNotificationSchema), unread: countSchema }),
).meta({ id: "JoinedInbox" });

const lastValueSchema = describes<LastValue>()(
  z.object({ data: anyJson, timestamp: timestampSchema }),
);

/** The newest value of each event of a topic, by its name. */
export const lastValuesSchema = z.record(z.string(), lastValueSchema);

const joinedTopicSchema = describes<Omit<JoinedTopic, "history">>()(
  greetingSchema.extend({
    history: z.array(z.never()).max(0),
    last: lastValuesSchema,
  }),
).meta({ id: "JoinedTopic" });

/** What a topic's greeting keeps for whoever joins; other rooms keep nothing. */
export const topicGreetingSchema = z.object({ last: lastValuesSchema.optional() });

/** What is only ever said to a client's own socket. */
type Unheard = "ack" | "token_refreshed" | "pong";

/** The payload of every frame that a stream or a poll can carry. */
const PAYLOADS = {
  joined_room: z.union([joinedRoomSchema, joinedInboxSchema, joinedTopicSchema]),
  new_message: messageSchema,
  message_edited: messageSchema,
  message_deleted: describes<ServerPayloads["message_deleted"]>()(
    z.object({ seq: seqSchema, userId: idSchema }),
  ),
  message_reacted: describes<ServerPayloads["message_reacted"]>()(
    z.object({
      seq: seqSchema,
      emoji: z.string(),
      userId: idSchema,
      remove: z.literal(true).exactOptional(),
    }),
  ),
  user_joined: userSchema,
  user_left: userSchema,
  user_typing: describes<ServerPayloads["user_typing"]>()(
    z.object({ userId: idSchema, name: z.string(), typing: z.boolean() }),
  ),
  messages_read: describes<ServerPayloads["messages_read"]>()(
    z.object({ userId: idSchema, upTo: countSchema }),
  ),
  event: describes<ServerPayloads["event"]>()(
    z.object({ event: z.string(), data: anyJson, userId: idSchema }),
  ),
  notification: storedNotificationSchema,
  notifications_read: describes<ServerPayloads["notifications_read"]>()(
    z.union([
      z.object({ upTo: countSchema, unread: countSchema }),
      z.object({ ids: z.array(seqSchema), unread: countSchema }),
    ]),
  ),
  error: refusalSchema,
} satisfies Record<Exclude<ServerFrameType, Unheard>, z.ZodType>;

/** A frame that tells what was published. */
export const publishedSchema = z.object({ timestamp: timestampSchema, payload: PAYLOADS.event });

/** The payload of every event that the log stores. */
export const DURABLE_PAYLOADS = {
  new_message: PAYLOADS.new_message,
  message_edited: PAYLOADS.message_edited,
  message_deleted: PAYLOADS.message_deleted,
  message_reacted: PAYLOADS.message_reacted,
  notification: PAYLOADS.notification,
} satisfies Record<DurableType, z.ZodType>;

/** A frame as a stream or a poll carries it. */
export const heardFrameSchema = z
  .discriminatedUnion("type", [
    frame("joined_room"),
    frame("new_message"),
    frame("message_edited"),
    frame("message_deleted"),
    frame("message_reacted"),
    frame("user_joined"),
    frame("user_left"),
    frame("user_typing"),
    frame("messages_read"),
    frame("event"),
    frame("notification"),
    frame("notifications_read"),
    frame("error"),
  ])
  .meta({ id: "Frame", description: "Something that happened. Durable events carry a `seq`." });

function frame<T extends keyof typeof PAYLOADS>(type: T) {
  return z.object({
    type: z.literal(type),
    timestamp: timestampSchema,
    messageId: messageIdSchema.exactOptional(),
    seq: seqSchema.exactOptional(),
    payload: PAYLOADS[type],
  });
}
