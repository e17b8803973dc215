/** Where one lands without naming a room. */
export const LOBBY = "lobby";

/** A valid room name, as an HTML `pattern`: without a colon, which would pick another kind. */
export const ROOM_PATTERN = "[A-Za-z0-9._~\\-]{1,128}";

const ROOM_NAME = /^[A-Za-z0-9._~-]{1,128}$/;
const ROOM_PATH = /^\/rooms\/([^/]+)\/?$/;

/** The room that a path names; the lobby for `/`, `undefined` for what is no chat room's name. */
export function roomOfPath(path: string): string | undefined {
  if (path === "/") return LOBBY;
  const name = decode(ROOM_PATH.exec(path)?.[1] ?? "");
  return ROOM_NAME.test(name) ? name : undefined;
}

/** The path of a room. */
export function pathOfRoom(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
