import { ProtocolError } from "./error.ts";

/** What a room is for. The text before the first `:` of its name picks it (CONTRACT §2). */
export type RoomKind = "chat" | "inbox" | "topic" | "document" | "game";

/** A room name that has passed {@link parseRoomName}. */
export interface RoomName {
  readonly name: string;
  readonly kind: RoomKind;
}

const ROOM_NAME = /^[A-Za-z0-9._~:-]{1,128}$/;

const KIND_BY_PREFIX: ReadonlyMap<string, RoomKind> = new Map([
  ["user", "inbox"],
  ["topic", "topic"],
  ["document", "document"],
  ["game", "game"],
]);

/**
 * Reads a room name that was already percent-decoded once from the URL.
 *
 * @throws {ProtocolError} `invalid_request` when it is not `[A-Za-z0-9._~:-]`, 1–128 characters.
 */
export function parseRoomName(name: string): RoomName {
  if (!ROOM_NAME.test(name)) {
    throw new ProtocolError(
      "invalid_request",
      "A room name is 1 to 128 characters of A-Z a-z 0-9 . _ ~ : -",
    );
  }
  return { name, kind: roomKind(name) };
}

/** The kind that a valid name's prefix picks; anything without a known prefix is a chat. */
export function roomKind(name: string): RoomKind {
  const colon = name.indexOf(":");
  return KIND_BY_PREFIX.get(name.slice(0, Math.max(colon, 0))) ?? "chat";
}

/** The name of a user's inbox (CONTRACT §7). */
export function inboxName(userId: string): string {
  return `user:${userId}`;
}
