import type { Refusal } from "./error.ts";
import type { Json } from "./json.ts";
import type { DeletedMessage, Message, User } from "./message.ts";
import type { Notification, NotificationsRead } from "./notification.ts";

/** What the first frame of every connection tells, whatever the kind of room. */
export interface Greeting {
  readonly roomId: string;
  readonly userId: string;
  readonly epoch: string;
  /** The log's head at this moment. */
  readonly seq: number;
  readonly users: readonly User[];
  /** How far each person has read. */
  readonly reads: Readonly<Record<string, number>>;
  /** Told to a connection that asked for its echo: the `origin` of the events that it published. */
  readonly origin?: string | undefined;
  /** Whether every event missed since the given cursor follows. */
  readonly recovered: boolean;
  readonly heartbeatMs: number;
  readonly limits: {
    readonly frameBytes: number;
    readonly contentChars: number;
    readonly framesPerSecond: number;
  };
}

/** First frame in a chat room. */
export interface JoinedRoom extends Greeting {
  /** Oldest first; empty when `recovered`. */
  readonly history: readonly Message[];
}

/** First frame in an inbox (CONTRACT §7). */
export interface JoinedInbox extends Greeting {
  /** Oldest first; empty when `recovered`. */
  readonly history: readonly Notification[];
  readonly unread: number;
}

/** The newest value of one event of a topic. */
export interface LastValue {
  readonly data: Json;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** First frame in a topic (CONTRACT §8). */
export interface JoinedTopic extends Greeting {
  readonly history: readonly [];
  /** By event name. */
  readonly last: Readonly<Record<string, LastValue>>;
}

/** What a durable frame stored, or had stored before. */
export interface Saved {
  /** The event's `seq`. */
  readonly savedId: number;
  readonly duplicate?: true;
}

/** What `ack` says; of what was done and stores nothing, that alone. */
export type Ack =
  | ({ readonly success: true } & (Saved | { readonly savedId?: undefined }))
  | { readonly success: false; readonly error: Refusal };

/** Payload of each type of server frame (CONTRACT §5). */
export interface ServerPayloads {
  readonly joined_room: JoinedRoom;
  readonly new_message: Message;
  readonly message_edited: Message;
  /** `seq` of the message; the event's own is on the envelope. */
  readonly message_deleted: { readonly seq: number; readonly userId: string };
  readonly message_reacted: {
    readonly seq: number;
    readonly emoji: string;
    readonly userId: string;
    readonly remove?: true;
  };
  readonly user_joined: User;
  readonly user_left: User;
  readonly user_typing: User & { readonly typing: boolean };
  readonly messages_read: { readonly userId: string; readonly upTo: number };
  readonly event: { readonly event: string; readonly data: Json; readonly userId: string };
  readonly notification: Notification;
  readonly notifications_read: NotificationsRead & { readonly unread: number };
  readonly token_refreshed: { readonly expiresAt: string };
  readonly ack: Ack;
  readonly error: Refusal;
  readonly pong: undefined;
}

/** The `type` of a server frame. */
export type ServerFrameType = keyof ServerPayloads;

/** The events that are stored in the log and carry a `seq`. */
export const DURABLE_TYPES = [
  "new_message",
  "message_edited",
  "message_deleted",
  "message_reacted",
  "notification",
] as const satisfies readonly ServerFrameType[];
/** One of {@link DURABLE_TYPES}. */
export type DurableType = (typeof DURABLE_TYPES)[number];

/** Whether a frame of this type is stored and has a `seq`. */
export function isDurableType(type: string): type is DurableType {
  return (DURABLE_TYPES as readonly string[]).includes(type);
}

/** A server frame of one type. */
export type ServerFrameOf<T extends ServerFrameType> = T extends ServerFrameType
  ? {
      readonly type: T;
      readonly timestamp: string;
      readonly messageId?: string;
      readonly seq?: number;
      /** The connection that published it. */
      readonly origin?: string;
    } & (ServerPayloads[T] extends undefined
      ? { readonly payload?: undefined }
      : { readonly payload: ServerPayloads[T] })
  : never;

/** Any frame the server sends, outside its batch. */
export type ServerFrame = ServerFrameOf<ServerFrameType>;

/** A page of history over HTTP (CONTRACT §6). */
export interface MessagePage {
  /** Oldest first. */
  readonly messages: readonly (Message | DeletedMessage)[];
  readonly epoch: string;
  readonly seq: number;
  readonly hasMore: boolean;
}
