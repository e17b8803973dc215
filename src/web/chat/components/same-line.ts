import type { Row, Seen } from "../state/rows.ts";

/**
 * Whether a line would look the same with these properties as with those. Rows are made anew on
 * every change; what they are made of is not.
 */
export function isSameLine<P extends { readonly row: Row }>(before: P, next: P): boolean {
  const { row: a, ...restOfA } = before;
  const { row: b, ...restOfB } = next;
  return isShallowEqual(restOfA, restOfB) && isSameRow(a, b);
}

function isSameRow(a: Row, b: Row): boolean {
  const { quoted: quotedA, seen: seenA, ...restOfA } = { quoted: undefined, seen: undefined, ...a };
  const { quoted: quotedB, seen: seenB, ...restOfB } = { quoted: undefined, seen: undefined, ...b };
  return (
    isShallowEqual(restOfA, restOfB) &&
    isShallowEqual(quotedA ?? {}, quotedB ?? {}) &&
    isSameSeen(seenA, seenB)
  );
}

function isSameSeen(a: Seen | undefined, b: Seen | undefined): boolean {
  return a?.others === b?.others && isShallowEqual(a?.names ?? [], b?.names ?? []);
}

function isShallowEqual(a: object, b: object): boolean {
  const entries = Object.entries(a);
  const others = new Map<string, unknown>(Object.entries(b));
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => others.has(key) && others.get(key) === value)
  );
}
