import { isReadableKey } from "./key-text.ts";
import { BOUNDS } from "./limits.ts";
import { utf8Bytes } from "./utf8.ts";
import { isWellFormed } from "./well-formed.ts";

/** A value that JSON can carry. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Where in a payload something is that some reader could not read, and what. */
export interface JsonProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * From here on JavaScript writes a number with an exponent (ECMA-262 §6.1.6.1.20), so that nobody
 * takes it for an exact one.
 */
const EXPONENT_FROM = 1e21;

const TOO_DEEP = `nests more than ${BOUNDS.dataDepth} levels deep`;
const NOT_JSON = "is no JSON value, as binary, dates and bigints are none";
const NOT_FINITE = "is beyond what a 64-bit floating-point number can hold";
const INEXACT = "is an integer of 2^53 or more, which readers would round: send it as text";
const BAD_KEY = 'has a key that is "__proto__" or not well-formed Unicode';
const BAD_TEXT = "is not well-formed Unicode: it holds a lone surrogate";

/**
 * Why somebody could not read what a stranger sends as a payload, or as a body over HTTP;
 * `undefined` when every reader can. Each value in it may nest `BOUNDS.dataDepth` levels deep: every
 * array and object is one, the payload itself not counted.
 *
 * MessagePack can carry dates, binary and bigints that a reader of JSON could not be shown, and
 * integers that JavaScript would round; lone surrogates would reach its readers as invalid UTF-8.
 */
export function payloadProblem(payload: unknown): JsonProblem | undefined {
  return problemOf(payload, BOUNDS.dataDepth + 1);
}

function problemOf(value: unknown, depth: number): JsonProblem | undefined {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? undefined : here(BAD_TEXT);
    case "number":
      return problemOfNumber(value);
    case "boolean":
      return undefined;
    case "object":
      if (value === null) return undefined;
      if (depth === 0) return here(TOO_DEEP);
      return Array.isArray(value) ? problemOfArray(value, depth) : problemOfObject(value, depth);
    default:
      return here(NOT_JSON);
  }
}

function problemOfNumber(value: number): JsonProblem | undefined {
  if (!Number.isFinite(value)) return here(NOT_FINITE);
  const isExact = Number.isSafeInteger(value) || !Number.isInteger(value);
  return isExact || Math.abs(value) >= EXPONENT_FROM ? undefined : here(INEXACT);
}

function problemOfArray(items: readonly unknown[], depth: number): JsonProblem | undefined {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, depth - 1);
    if (problem !== undefined) return within(index, problem);
  }
  return undefined;
}

function problemOfObject(value: object, depth: number): JsonProblem | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return here(NOT_JSON);
  for (const [key, item] of Object.entries(value)) {
    if (!isReadableKey(key)) return here(BAD_KEY);
    const problem = problemOf(item, depth - 1);
    if (problem !== undefined) return within(key, problem);
  }
  return undefined;
}

function here(message: string): JsonProblem {
  return { path: [], message };
}

function within(step: string | number, { path, message }: JsonProblem): JsonProblem {
  return { path: [step, ...path], message };
}

/** The size of a value as JSON text in UTF-8. */
export function jsonBytes(value: Json): number {
  return utf8Bytes(JSON.stringify(value));
}
