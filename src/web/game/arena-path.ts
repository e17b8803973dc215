import { roomNameFault } from "../../protocol/room-name.ts";

/** Where one lands without naming an arena. */
export const FIRST_ARENA = "arena";

const PREFIX = "game:";
const PATH = /^\/game\/([^/]+)\/?$/;
/** In the address of a page that only watches. */
const WATCHING = "watch";

/** An arena's name, as an HTML `pattern`. */
export const ARENA_PATTERN = "[A-Za-z0-9._~:\\-]{1,123}";

/** The arena that a path names; the first one for `/game`, `undefined` for what is no arena's name. */
export function arenaOfPath(path: string): string | undefined {
  if (/^\/game\/?$/.test(path)) return FIRST_ARENA;
  const said = decode(PATH.exec(path)?.[1] ?? "");
  // The SDK takes a name with the prefix and without.
  const name = said.startsWith(PREFIX) ? said.slice(PREFIX.length) : said;
  return isArena(name) ? name : undefined;
}

/** The path of an arena. */
export function pathOfArena(name: string): string {
  // A colon may stand in a path as it is (RFC 3986 §3.3), and reads better.
  return `/game/${encodeURIComponent(name).replaceAll("%3A", ":")}`;
}

/** The path of an arena that one only watches. */
export function watchingPath(name: string): string {
  return `${pathOfArena(name)}?${WATCHING}`;
}

/** Whether an address's query is that of a page that only watches. */
export function isWatching(search: string): boolean {
  return new URLSearchParams(search).has(WATCHING);
}

/** The room by which a token grants an arena. */
export function roomOfArena(name: string): string {
  return PREFIX + name;
}

function isArena(name: string): boolean {
  // `.` and `..` are lost from an address before it arrives.
  return name !== "" && name !== "." && name !== ".." && roomNameFault(PREFIX + name) === undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
