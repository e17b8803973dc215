import * as z from "zod";
import { describes } from "./describes.ts";
import { seqSchema } from "./field-schema.ts";
import type {
  Greeting,
  JoinedDocument,
  JoinedGame,
  JoinedInbox,
  JoinedRoom,
  JoinedTopic,
  LastValue,
} from "./greeting.ts";
import { anyJson, messageSchema, presentUserSchema, timestampSchema } from "./message-schema.ts";
import { storedNotificationSchema } from "./notification-schema.ts";

/** How far someone has read, where a log stands, how many there are. */
const countSchema = z.int().min(0);
const idSchema = z.string();

const greetingSchema = describes<Greeting>()(
  z.object({
    roomId: idSchema,
    userId: idSchema,
    epoch: z.string(),
    seq: countSchema,
    users: z.array(presentUserSchema),
    reads: z.record(z.string(), countSchema),
    origin: z.string().optional(),
    recovered: z.boolean(),
    heartbeatMs: z.int(),
    limits: z.object({
      frameBytes: z.int(),
      contentChars: z.int(),
      framesPerSecond: z.int(),
      presencePerSecond: z.int().optional(),
    }),
  }),
);

const joinedChatSchema = describes<JoinedRoom>()(
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

const gameFieldsSchema = z.array(z.object({ name: z.string(), scale: z.number() }));

const joinedGameSchema = describes<Omit<JoinedGame, "history">>()(
  greetingSchema.extend({
    history: z.array(z.never()).max(0),
    playerId: z.int().optional(),
    tickHz: z.int().min(1),
    fields: gameFieldsSchema,
    shared: gameFieldsSchema.optional(),
    input: z.record(z.string(), anyJson),
  }),
).meta({ id: "JoinedGame" });

/** What a topic's greeting keeps for whoever joins; other rooms keep nothing. */
export const topicGreetingSchema = z.object({ last: lastValuesSchema.optional() });

/** A document as it was after so many changes; `null` where there is none to tell. */
export const snapshotSchema = z.object({ version: seqSchema, snapshot: anyJson }).nullable();

/** What the first frame in a document tells. */
export const joinedDocumentSchema = describes<JoinedDocument>()(
  greetingSchema.extend({
    version: countSchema,
    from: countSchema,
    snapshot: snapshotSchema,
    cursors: z.record(z.string(), anyJson),
  }),
).meta({ id: "JoinedDocument" });

/** What the first frame of every other connection tells, by kind of room. */
export const joinedRoomSchema = z.union([
  joinedChatSchema,
  joinedInboxSchema,
  joinedTopicSchema,
  joinedGameSchema,
]);
