import { hasOwn } from "../protocol/has-own.ts";
import type { ServerFrameType } from "../protocol/server-frame.ts";
import type { OwnType } from "./own-type.ts";

/**
 * What a field must be: a kind of value, a number above 0, a record of numbers, an object's fields,
 * a list of such, or whatever passes a test.
 */
export type Shape =
  | "string"
  | "number"
  | "positive"
  | "boolean"
  | "json"
  | "numbers"
  | Fields
  | readonly [Fields]
  | ((value: unknown) => boolean);
/** What an object must have, by name. */
export interface Fields {
  readonly [name: string]: Shape;
}

/** What one kind of room brings beside what every room does, where its code comes later. */
export interface KindShapes {
  /** What such rooms greet with beside every other, by how their names begin. */
  readonly greeting: Readonly<Record<string, Fields>>;
  /** By the type of frame. */
  readonly payloads: Readonly<Record<string, Shape>>;
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
const REFUSAL: Fields = { code: "string", message: "string", retryable: "boolean" };
const STORED: Fields = { savedId: "number" };
const REFUSED: Fields = { success: "boolean", error: REFUSAL };

// Only what the SDK or its types lean on: of `joined_room`, what every kind of room sends.
const JOINED: Fields = {
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
};
const PAYLOADS: Record<string, Shape> & {
  readonly [T in Exclude<ServerFrameType, LaterType>]: Shape;
} = {
  joined_room: isGreeting,
  ack: isAck,
  pong: () => true,
  new_message: MESSAGE,
  message_edited: MESSAGE,
  message_deleted: { seq: "number", userId: "string" },
  message_reacted: { seq: "number", emoji: "string", userId: "string" },
  user_joined: USER,
  user_left: USER,
  user_updated: { ...USER, data: "json" },
  user_typing: { ...USER, typing: "boolean" },
  messages_read: { userId: "string", upTo: "number" },
  event: { event: "string", data: "json", userId: "string" },
  token_refreshed: { expiresAt: "string" },
  mark: { id: "string" },
  error: REFUSAL,
};

/** Types of frames that a kind brings whose code comes later. */
type LaterType = "notification" | "notifications_read" | DocumentType | "game_state" | OwnType;

/** Types of frames of documents in JSON, for which the SDK has no room. */
type DocumentType = "joined_document" | "remote_change" | "remote_cursor";

const GREETINGS: Record<string, Fields> = {};

/** From now on what such rooms bring is understood. */
export function learnShapes({ greeting, payloads }: KindShapes): void {
  Object.assign(GREETINGS, greeting);
  Object.assign(PAYLOADS, payloads);
}

/** Whether this is a type of frame that the SDK knows; those of own kinds have names without an end. */
export function isKnownType(type: string): type is Exclude<ServerFrameType, OwnType> {
  return hasOwn(PAYLOADS, type);
}

/** Whether a payload has every field that its type of frame must have. */
export function hasShape(type: ServerFrameType, payload: unknown): boolean {
  const shape = PAYLOADS[type];
  return shape !== undefined && matches(payload, shape);
}

function isGreeting(payload: unknown): boolean {
  const name = String(field(payload, "roomId"));
  const more = Object.entries(GREETINGS).find(([prefix]) => name.startsWith(prefix));
  return matches(payload, { ...JOINED, ...more?.[1] });
}

function isAck(payload: unknown): boolean {
  if (field(payload, "success") !== true) return matches(payload, REFUSED);
  return field(payload, "savedId") === undefined || matches(payload, STORED);
}

/** Whether a value is as it must be. */
export function matches(value: unknown, shape: Shape): boolean {
  if (shape === "positive") return typeof value === "number" && value > 0;
  if (shape === "json") return value !== undefined;
  if (shape === "numbers") {
    return isObject(value) && Object.values(value).every((item) => typeof item === "number");
  }
  if (typeof shape === "string") return typeof value === shape;
  if (typeof shape === "function") return shape(value);
  if (!isObject(shape)) {
    return Array.isArray(value) && value.every((item) => matches(item, shape[0]));
  }
  return (
    isObject(value) &&
    Object.entries(shape).every(([name, expected]) => matches(field(value, name), expected))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of what may be an object, and may have it. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && hasOwn(value, name) ? value[name] : undefined;
}
