import * as z from "zod";
import { describes } from "./describes.ts";
import { refusalSchema } from "./error-schema.ts";
import { lastValuesSchema, snapshotSchema } from "./greeting-schema.ts";
import type {
  Asked,
  DeadLetterPage,
  Delivered,
  DocumentStats,
  DocumentVersion,
  GuestToken,
  Health,
  Imported,
  Kicked,
  MintedToken,
  People,
  Resent,
  RestoredVersion,
  RoomStats,
  VersionPage,
} from "./http-answer.ts";
import {
  deletedMessageSchema,
  messageSchema,
  presentUserSchema,
  timestampSchema,
} from "./message-schema.ts";
import type { NotificationPage } from "./notification.ts";
import { storedNotificationSchema } from "./notification-schema.ts";
import type { PollPage } from "./poll-page.ts";
import type { MessagePage } from "./server-frame.ts";
import { heardFrameSchema } from "./server-frame-schema.ts";

const countSchema = z.int().min(0);

/** Where the log stands: what a reader brings along the next time. */
const cursorFields = {
  epoch: z.string().meta({ description: "Names this life of the log." }),
  seq: countSchema.meta({ description: "Where the log stands." }),
};

/** `GET /healthz`. */
export const healthSchema = describes<Health>()(
  z.object({ status: z.literal("ok"), version: z.string() }),
).meta({ id: "Health" });

/** `POST /v1/tokens`. */
export const mintedTokenSchema = describes<MintedToken>()(
  z.object({ token: z.string(), expiresAt: timestampSchema }),
).meta({ id: "MintedToken" });

/** `POST /v1/guests`. */
export const guestTokenSchema = describes<GuestToken>()(
  z.object({
    token: z.string(),
    expiresAt: timestampSchema,
    userId: z.string(),
    name: z.string(),
  }),
).meta({ id: "GuestToken" });

/** `GET /messages`. */
export const messagePageSchema = describes<MessagePage>()(
  z.object({
    messages: z
      .array(z.union([messageSchema, deletedMessageSchema]))
      .meta({ description: "Oldest first, in their present state." }),
    ...cursorFields,
    hasMore: z.boolean(),
  }),
).meta({ id: "MessagePage" });

/** `GET /snapshot`. */
export const documentPageSchema = z
  .object({ version: z.int().min(0), snapshot: snapshotSchema, ...cursorFields })
  .meta({ id: "DocumentPage" });

/** `POST /versions` and `PATCH /versions/:id`. */
export const documentVersionSchema = describes<DocumentVersion>()(
  z.object({
    id: z.int().min(1),
    at: timestampSchema,
    by: z.string().meta({
      description: "A user's id; `system` for what came by itself, and for the API key.",
    }),
    label: z.string().exactOptional(),
  }),
).meta({ id: "DocumentVersion" });

/** `GET /versions`. */
export const versionPageSchema = describes<VersionPage>()(
  z.object({
    versions: z.array(documentVersionSchema).meta({ description: "Newest first." }),
    hasMore: z.boolean(),
  }),
).meta({ id: "VersionPage" });

/** `POST /restore`. */
export const restoredVersionSchema = describes<RestoredVersion>()(
  z.object({
    changed: z.boolean().meta({ description: "False when the document is as the version was." }),
  }),
).meta({ id: "RestoredVersion" });

/** `GET /users`. */
export const peopleSchema = describes<People>()(
  z.object({ users: z.array(presentUserSchema) }),
).meta({
  id: "People",
});

/** `POST /publish`. */
export const deliveredSchema = describes<Delivered>()(z.object({ delivered: countSchema })).meta({
  id: "Delivered",
  description: "To how many connections it went.",
});

/** `DELETE /users/:userId`. */
export const kickedSchema = describes<Kicked>()(
  z.object({
    disconnected: countSchema.meta({ description: "Connections that were closed." }),
    bannedUntil: timestampSchema.exactOptional(),
  }),
).meta({ id: "Kicked" });

/** `POST /reauthorize`. */
export const askedSchema = describes<Asked>()(
  z.object({ asked: countSchema.meta({ description: "People about whom the rule is asked." }) }),
).meta({ id: "Asked" });

/** `GET /poll`. */
export const pollPageSchema = describes<Omit<PollPage, "events">>()(
  z.object({
    events: z.array(heardFrameSchema).meta({ description: "What was missed, in order." }),
    ...cursorFields,
    recovered: z.boolean().meta({
      description: "Whether all that was missed is here, or comes with the polls that follow.",
    }),
    last: lastValuesSchema.optional().meta({
      description: "In a topic: the newest value of each event.",
    }),
    state: z.unknown().optional().meta({
      description: "In a room of a team's own kind: its state after the event at `seq`.",
    }),
  }),
).meta({ id: "PollPage" });

const byRoom = <T extends z.ZodType>(of: T, description: string) =>
  z.record(z.string(), of).optional().meta({ description });

/** `GET /poll`, of many rooms. */
export const roomsPollPageSchema = z
  .object({
    events: z
      .array(heardFrameSchema)
      .meta({ description: "What was missed, each with its `room`; in order within a room." }),
    cursor: z.string().meta({ description: "Opaque: bring it with the next poll." }),
    left: byRoom(
      z.object({ code: z.int(), reason: z.string(), error: refusalSchema }),
      "Rooms that refuse, and why.",
    ),
    unrecovered: z
      .array(z.string())
      .optional()
      .meta({ description: "Rooms in which the cursor means nothing any more: read them anew." }),
    last: byRoom(lastValuesSchema, "Of topics: the newest value of each event."),
    state: byRoom(z.unknown(), "Of rooms of a team's own kinds: their state."),
  })
  .meta({ id: "RoomsPollPage" });

/** `GET /notifications`. */
export const notificationPageSchema = describes<NotificationPage>()(
  z.object({
    notifications: z.array(storedNotificationSchema).meta({ description: "Oldest first." }),
    unread: countSchema.meta({ description: "Of the whole inbox." }),
    ...cursorFields,
    hasMore: z.boolean(),
  }),
).meta({ id: "NotificationPage" });

const tallySchema = z.record(z.string(), countSchema);

/** `GET /stats`. */
export const roomStatsSchema = describes<RoomStats>()(
  z.object({
    ...cursorFields,
    connections: countSchema.meta({ description: "Open now." }),
    users: countSchema.meta({ description: "People among them." }),
    peak: countSchema.meta({ description: "The most connections at once." }),
    messages: countSchema.meta({ description: "Durable events appended." }),
    frames: countSchema.meta({ description: "Frames received over WebSocket." }),
    bytes: z
      .object({ in: countSchema, out: countSchema })
      .meta({ description: "Payload of WebSocket messages, before compression." }),
    logRows: countSchema.meta({ description: "Events that retention has left." }),
    storedBytes: countSchema.meta({ description: "Size of the room's database." }),
    connects: tallySchema.meta({ description: "By transport." }),
    disconnects: z
      .record(z.string(), z.object({ clean: countSchema, abnormal: countSchema }))
      .meta({ description: "By close code; what clients make up is `other`." }),
    refusals: tallySchema.meta({
      description:
        "By error code, own ones of its kind's contract included; other words are `other`.",
    }),
    ruleFailures: tallySchema.meta({
      description: "Rules of its kind that threw, or answered what they may not, by hook.",
    }),
    flushes: z.object({ count: countSchema, items: countSchema }),
    clock: z
      .object({ tick: countSchema, players: countSchema, skippedTicks: countSchema })
      .exactOptional()
      .meta({ description: "Of a game: its tick, how many play, and ticks left out in all." }),
  }),
).meta({
  id: "RoomStats",
  description: "What is here now, and what happened since the first day.",
});

/** `GET /v1/documents/:name/stats`. */
export const documentStatsSchema = describes<DocumentStats>()(
  z.object({
    connections: countSchema.meta({ description: "Open now." }),
    users: countSchema.meta({ description: "People among them." }),
    peak: countSchema.meta({ description: "The most connections at once." }),
    edits: countSchema.meta({ description: "Changes taken that had something new in them." }),
    frames: countSchema.meta({ description: "Frames received." }),
    bytes: z
      .object({ in: countSchema, out: countSchema })
      .meta({ description: "Payload of WebSocket messages, before compression." }),
    storedBytes: countSchema.meta({ description: "Size of the document's database." }),
    folds: countSchema.meta({ description: "Tails of updates folded into the snapshot." }),
    quarantined: countSchema.meta({
      description: "Updates set aside, for the document could not be built with them.",
    }),
    connects: tallySchema.meta({ description: "By transport." }),
    disconnects: z
      .record(z.string(), z.object({ clean: countSchema, abnormal: countSchema }))
      .meta({ description: "By close code; what clients make up is `other`." }),
    refusals: tallySchema.meta({ description: "Frames refused or dropped, by error code." }),
    ruleFailures: tallySchema.meta({ description: "Rules on documents that failed, by hook." }),
  }),
).meta({
  id: "DocumentStats",
  description: "What is in a Yjs document now, and what happened since its first day.",
});

/** `POST /import`. */
export const importedSchema = describes<Imported>()(
  z.object({ ...cursorFields, lines: countSchema.meta({ description: "Lines that were read." }) }),
).meta({ id: "Imported" });

/** `GET /dead-letters`. */
export const deadLetterPageSchema = describes<DeadLetterPage>()(
  z.object({
    deadLetters: z
      .array(
        z.object({
          id: countSchema,
          carrier: z.string().meta({
            description: "Who was to bring it: `webhook`, `after`, `inbox` or `timer`.",
          }),
          recipient: z.string().meta({
            description:
              "A webhook's name, a user's id, a timer's name, or the key of what a rule was to hear.",
          }),
          name: z.string().meta({
            description: "The type of the event or notice that it tells, or a timer's name.",
          }),
          key: z.string().meta({ description: "Names it at its recipient, each time it is sent." }),
          seq: countSchema.meta({ description: "Of the event that it is about." }),
          reason: z.string().meta({ description: "Why it was given up." }),
          storedAt: timestampSchema,
          givenUpAt: timestampSchema.exactOptional(),
        }),
      )
      .meta({ description: "The newest first." }),
    count: countSchema.meta({ description: "Of all that the room keeps." }),
    hasMore: z.boolean(),
  }),
).meta({ id: "DeadLetterPage" });

/** `POST /dead-letters/resend`. */
export const resentSchema = describes<Resent>()(z.object({ resent: countSchema })).meta({
  id: "Resent",
  description: "How many are on their way.",
});
