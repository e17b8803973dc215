import { fnv1a } from "../../protocol/fnv1a.ts";
import type { RoomFrame } from "../frame.ts";

/**
 * What a request asks for, as a number: another one under a used key is told from a repeat by it. By
 * whatever way it comes (a socket, HTTP), and in whatever order its keys stand, the same request has
 * the same fingerprint; when and how often it was sent is no part of it.
 *
 * @returns `undefined` for what another room delivers: its key names one notice for good, though a
 *   later release may word it otherwise.
 */
export function fingerprintOf({ type, payload, source }: RoomFrame): number | undefined {
  if (source !== undefined) return undefined;
  // A value that is no object is a request's only field.
  const isObject = typeof payload === "object" && payload !== null;
  const fields = Object.entries(isObject ? payload : { payload })
    .filter(([, value]) => value !== undefined)
    .sort(byName);
  return fnv1a(type + fields.map(textOf).join());
}

/** Only what holds others has an order of its own to be put right, and that is the slow part. */
function textOf([name, value]: [string, unknown]): string {
  return `${name}:${typeof value === "object" ? JSON.stringify(value, inOrder) : JSON.stringify(value)}`;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** A replacer of `JSON.stringify` that puts the keys of every object in one order. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(byName);
  return Object.fromEntries(entries);
}
