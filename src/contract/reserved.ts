import { ERROR_CODES } from "../protocol/error.ts";
import { OWN_CLIENT_FRAMES, OWN_SERVER_FRAMES } from "../protocol/frames/own.ts";
import { CLIENT_FRAMES, SERVER_FRAMES } from "../protocol/frames.ts";
import { kindNames, kindPrefixes } from "../protocol/room-kind.ts";
import { COMMON_CODES } from "./refusal.ts";

/** Prefixes of room names that have a meaning of their own, or would read as if they had. */
export const RESERVED_PREFIXES: ReadonlySet<string> = new Set([
  ...kindPrefixes(),
  ...kindNames(),
  "room",
]);

/** Types of frames that are said in every room, or mean something in one of Hibiki's own kinds. */
export const RESERVED_TYPES: ReadonlySet<string> = new Set([
  ...Object.keys(CLIENT_FRAMES),
  ...Object.keys(SERVER_FRAMES),
  // What every room of one's own is asked.
  ...Object.keys(OWN_CLIENT_FRAMES),
  ...Object.keys(OWN_SERVER_FRAMES),
  // Outside of the tables of frames: heartbeats and bundles; the others are to come.
  "ping",
  "pong",
  "batch",
  "presence",
  "room_empty",
  "join_room",
  // Said by transports.
  "open",
  "close",
  "message",
]);

const common: readonly string[] = COMMON_CODES;

/** Codes that Hibiki refuses with: a kind's own must not be taken for one. */
export const RESERVED_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(ERROR_CODES).filter((code) => !common.includes(code)),
  // Said by the SDK, or kept for hooks.
  "disconnected",
  "timeout",
]);
