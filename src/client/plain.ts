import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Json } from "../protocol/json.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { present } from "../protocol/present.ts";
import { isWellFormed } from "../protocol/well-formed.ts";
import { RealtimeError } from "./error.ts";

/** How deep the server takes values to be nested. */
const DEPTH = BOUNDS.dataDepth;
/** A frame's own levels around such a value: its envelope and its payload. */
const FRAME_DEPTH = 2;
/** From here on numbers are written as 1e21, so that nobody takes them for exact ones. */
const EXPONENT_FROM = 1e21;

/** A copy of a frame as JSON carries it; see {@link plainCopy}. */
export function plainFrame<Frame extends ClientFrame>(frame: Frame): Frame {
  // A copy of what has this shape has it too.
  return plainCopy(frame, DEPTH + FRAME_DEPTH) as unknown as Frame;
}

/**
 * A copy of a value as JSON carries it, so that what the application does to its own later changes
 * nothing. A property that is `undefined` is left out.
 *
 * @throws {RealtimeError} `invalid_frame` for what the server would refuse: what JSON cannot carry,
 * a lone surrogate, a key `__proto__`, a whole number that loses digits, more than 16 levels.
 */
export function plainCopy(value: unknown, depth: number = DEPTH): Json {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string" && isWellFormed(value)) return value;
  if (typeof value === "number" && isExact(value)) return value;
  if (depth > 0 && Array.isArray(value)) return value.map((item) => plainCopy(item, depth - 1));
  if (depth > 0 && isPlainObject(value)) return copyOf(value, depth);
  throw RealtimeError.invalid(
    "invalid_frame",
    `What is sent is JSON: well-formed text, exact numbers, at most ${DEPTH} levels deep.`,
  );
}

function copyOf(value: object, depth: number): Json {
  const entries: readonly [string, unknown][] = Object.entries(present(value));
  return Object.fromEntries(
    entries.map(([key, item]) => [plainKey(key), plainCopy(item, depth - 1)]),
  );
}

/** Refused like any other text that cannot be sent. */
function plainKey(key: string): string {
  return String(plainCopy(key === "__proto__" ? undefined : key));
}

function isExact(value: number): boolean {
  const keepsDigits = Number.isSafeInteger(value) || !Number.isInteger(value);
  return Number.isFinite(value) && (keepsDigits || Math.abs(value) >= EXPONENT_FROM);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
