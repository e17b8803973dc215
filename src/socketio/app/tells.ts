import * as z from "zod";
import { SERVER_FRAMES } from "../../protocol/frames.ts";
import { lastValuesSchema } from "../../protocol/greeting-schema.ts";
import { hasOwn } from "../../protocol/has-own.ts";
import { DOCUMENT_PREFIX, TOPIC_PREFIX } from "../../protocol/room-kind.ts";
import { isSocketIoEvent, Told } from "./packet.ts";
import type { RoomFrame } from "./room-frame.ts";

/** What tells whose message it is. */
export interface Sent {
  readonly messageId: string;
  readonly userId: string;
}

/** What clients are told because of what a room tells. */
export interface Telling {
  readonly events: readonly Told[];
  /** Of a message: what the very connection is told that sent it. */
  readonly own?: { readonly sent: Sent; readonly events: readonly Told[] };
}

/** Names that mean something of ours: what somebody publishes under one must not pass for it. */
const OUR_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(SERVER_FRAMES),
  "receive_message",
  "room_users",
  "left_room",
  "unread",
]);

/** As much of a message as has another name here; the rest goes as it is. */
const messageSchema = z.looseObject({
  seq: z.int(),
  messageId: z.string(),
  userId: z.string(),
  userName: z.string(),
  content: z.string(),
  timestamp: z.string(),
});
const typingSchema = z.object({ userId: z.string(), name: z.string(), typing: z.boolean() });
const publishedSchema = z.object({ event: z.string(), data: z.unknown(), userId: z.string() });
const unreadSchema = z.object({ unread: z.int() });
const changeSchema = z.looseObject({});

/** What clients are told because of what a room tells. */
export function telling(room: string, frame: RoomFrame): Telling {
  if (frame.type !== "new_message") return { events: told(room, frame) };
  const sent = messageSchema.parse(frame.payload);
  const whole = event(frame.type, { ...sent, room });
  const { userId, userName, content, messageId, seq, timestamp } = sent;
  const received = { room, userId, userName, message: content, messageId, seq, timestamp };
  return {
    events: [event("receive_message", received), whole],
    own: { sent, events: [whole] },
  };
}

function told(room: string, frame: RoomFrame): readonly Told[] {
  const { type, payload } = frame;
  switch (type) {
    case "user_typing": {
      const { userId, name: userName, typing } = typingSchema.parse(payload);
      return [event(type, { room, userId, userName, typing })];
    }
    case "event": {
      const { event: name, data, userId } = publishedSchema.parse(payload);
      const { timestamp } = frame;
      return [published(room, name, data, { userId, timestamp })];
    }
    case "notifications_read": {
      const { unread } = unreadSchema.parse(payload);
      return [ours(room, frame), event("unread", { room, unread })];
    }
    default:
      return [ours(room, frame)];
  }
}

/** The last values of a topic, for whoever comes into it. */
export function lastValues(room: string, last: unknown): readonly Told[] {
  return Object.entries(lastValuesSchema.parse(last)).map(([name, { data, timestamp }]) =>
    published(room, name, data, { timestamp }),
  );
}

/** What somebody published: in a topic by its own name, else as an event of the room. */
function published(room: string, name: string, data: unknown, about: object): Told {
  const isTopic = room.startsWith(TOPIC);
  return isTopic && !isSocketIoEvent(name) && !OUR_NAMES.has(name)
    ? // An object comes last: a client takes a text that does for its offset.
      new Told(name, [data, { room, ...about }])
    : event("event", { room, event: name, data, ...about });
}

const TOPIC = `${TOPIC_PREFIX}:`;
const DOCUMENT = `${DOCUMENT_PREFIX}:`;

/** By the frame's own name, with the room; of a document, its id as well. */
function ours(room: string, { type, seq, userId, timestamp, payload }: RoomFrame): Told {
  const documentId = room.startsWith(DOCUMENT) ? { documentId: room.slice(DOCUMENT.length) } : {};
  const said = changeSchema.safeParse(payload);
  const data = said.success ? said.data : payload === undefined ? {} : { payload };
  // Of an event of a team's own kind these stand beside its data.
  const about = hasOwn(SERVER_FRAMES, type) ? {} : { seq, userId, timestamp };
  const all = { ...about, ...data, ...documentId, room };
  return isSocketIoEvent(type)
    ? event("event", { room, event: type, data: all })
    : event(type, all);
}

function event(name: string, data: object): Told {
  return new Told(name, [data]);
}
