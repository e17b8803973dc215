import type { ServerFrameType } from "../protocol/server-frame.ts";

/**
 * What a field must be: a kind of value, a number above 0, a record of numbers or of a topic's
 * values, an object's fields, or a list of such.
 */
type Shape =
  | "string"
  | "number"
  | "positive"
  | "boolean"
  | "json"
  | "numbers"
  | "values"
  | Fields
  | readonly [Fields];
interface Fields {
  readonly [name: string]: Shape;
}

const USER: Fields = { userId: "string", name: "string" };
const MESSAGE: Fields = {
  seq: "number",
  messageId: "string",
  userId: "string",
  userName: "string",
  content: "string",
  timestamp: "string",
};
const VALUE: Fields = { data: "json", timestamp: "string" };
const REFUSAL: Fields = { code: "string", message: "string", retryable: "boolean" };
const STORED: Fields = { savedId: "number" };
const REFUSED: Fields = { success: "boolean", error: REFUSAL };

const NOTIFICATION: Fields = {
  seq: "number",
  id: "string",
  type: "string",
  title: "string",
  timestamp: "string",
  read: "boolean",
};

// Only what the SDK or its types lean on. Of `joined_room`, what every kind of room sends.
const PAYLOADS: { readonly [T in Exclude<ServerFrameType, "ack" | "pong">]: Fields } = {
  joined_room: {
    roomId: "string",
    userId: "string",
    epoch: "string",
    seq: "number",
    users: [USER],
    reads: "numbers",
    history: [{ seq: "number" }],
    recovered: "boolean",
    // Timers and quotas are made of these: 0 would keep the application busy with nothing else.
    heartbeatMs: "positive",
    limits: { frameBytes: "positive", contentChars: "positive", framesPerSecond: "positive" },
  },
  new_message: MESSAGE,
  message_edited: MESSAGE,
  message_deleted: { seq: "number", userId: "string" },
  message_reacted: { seq: "number", emoji: "string", userId: "string" },
  user_joined: USER,
  user_left: USER,
  user_typing: { ...USER, typing: "boolean" },
  messages_read: { userId: "string", upTo: "number" },
  event: { event: "string", data: "json", userId: "string" },
  notification: NOTIFICATION,
  notifications_read: { unread: "number" },
  token_refreshed: { expiresAt: "string" },
  mark: { id: "string" },
  error: REFUSAL,
};

/** What only some kinds of room greet with, by how their names begin. */
const GREETINGS: readonly (readonly [prefix: string, Fields])[] = [
  ["user:", { history: [NOTIFICATION], unread: "number" }],
  ["topic:", { last: "values" }],
];

/** Whether this is a type of frame that the SDK knows. */
export function isKnownType(type: string): type is ServerFrameType {
  return type === "ack" || type === "pong" || hasOwn(PAYLOADS, type);
}

/** Whether a payload has every field that its type of frame must have. */
export function hasShape(type: ServerFrameType, payload: unknown): boolean {
  switch (type) {
    case "pong":
      return true;
    case "ack":
      if (field(payload, "success") !== true) return matches(payload, REFUSED);
      return field(payload, "savedId") === undefined || matches(payload, STORED);
    case "joined_room": {
      const name = String(field(payload, "roomId"));
      const more = GREETINGS.find(([prefix]) => name.startsWith(prefix));
      return matches(payload, { ...PAYLOADS.joined_room, ...more?.[1] });
    }
    case "notifications_read":
      return matches(payload, PAYLOADS.notifications_read) && namesNotifications(payload);
    default:
      return matches(payload, PAYLOADS[type]);
  }
}

function namesNotifications(payload: unknown): boolean {
  const ids = field(payload, "ids");
  return Array.isArray(ids)
    ? ids.every((id) => typeof id === "number")
    : typeof field(payload, "upTo") === "number";
}

function matches(value: unknown, shape: Shape): boolean {
  if (shape === "positive") return typeof value === "number" && value > 0;
  if (shape === "json") return value !== undefined;
  if (shape === "numbers" || shape === "values") {
    const each = shape === "numbers" ? "number" : VALUE;
    return isObject(value) && Object.values(value).every((item) => matches(item, each));
  }
  if (typeof shape === "string") return typeof value === shape;
  if (isList(shape)) {
    return Array.isArray(value) && value.every((item) => matches(item, shape[0]));
  }
  return (
    isObject(value) &&
    Object.entries(shape).every(([name, expected]) => matches(field(value, name), expected))
  );
}

function isList(shape: Fields | readonly [Fields]): shape is readonly [Fields] {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of what may be an object, and may have it. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && hasOwn(value, name) ? value[name] : undefined;
}

/** `Object.hasOwn`, which Chrome has from 93 and Firefox from 92 on. */
export function hasOwn(value: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(value, name) !== undefined;
}
