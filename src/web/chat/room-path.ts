import { kindPrefixes } from "../../protocol/room-kind.ts";
import { roomNameFault } from "../../protocol/room-name.ts";
import { nameInSegment, segmentOf } from "../places/segment.ts";

/** Where one lands without naming a room. */
export const LOBBY = "lobby";

/** How the names of rooms begin that are not for chatting. */
const OTHERS: readonly string[] = [...kindPrefixes()].map((prefix) => `${prefix}:`);

/** How the name of a chat room may not begin, in words. */
export const NOT_FOR_CHAT = `${OTHERS.slice(0, -1).join(" ")} or ${OTHERS.at(-1)}`;

/** A chat room's name, as an HTML `pattern`. */
export const ROOM_PATTERN = `(?!${OTHERS.join("|")})[A-Za-z0-9._~:\\-]{1,128}`;

const MESSAGE_HASH = /^#m([1-9]\d{0,14})$/;
const ROOM_PATH = /^\/rooms\/([^/]+)\/?$/;

/** The room that a path names; the lobby for `/`, `undefined` for what is no chat room's name. */
export function roomOfPath(path: string): string | undefined {
  if (path === "/") return LOBBY;
  const name = nameInSegment(ROOM_PATH.exec(path)?.[1] ?? "");
  return isChatRoom(name) ? name : undefined;
}

/** The path of a room, or of one message in it. */
export function pathOfRoom(room: string, seq?: number): string {
  const path = `/rooms/${segmentOf(room)}`;
  return seq === undefined ? path : `${path}#m${seq}`;
}

/** What an address names. */
export interface Place {
  readonly room: string | undefined;
  /** `seq` of one message in it. */
  readonly seq: number | undefined;
}

/** The room, and perhaps the message, that an address names. */
export function placeOf({ pathname, hash }: Pick<URL, "pathname" | "hash">): Place {
  const seq = MESSAGE_HASH.exec(hash)?.[1];
  return { room: roomOfPath(pathname), seq: seq === undefined ? undefined : Number(seq) };
}

/** Whether text names a room, and one to chat in. */
export function isChatRoom(name: string): boolean {
  return roomNameFault(name) === undefined && !OTHERS.some((other) => name.startsWith(other));
}
