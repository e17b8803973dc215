import type { KeyValues } from "./storage.ts";

/** More than this and the list stops being a help. */
const KEPT = 8;

/** Names of what was visited on this device, as kept under a key. */
export function recentNames(storage: KeyValues, key: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? "[]");
    return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/** Puts a name on the list under a key. */
export function rememberName(storage: KeyValues, key: string, name: string): void {
  const names = recentNames(storage, key);
  const next = names.includes(name) ? names : [name, ...names].slice(0, KEPT);
  storage.setItem(key, JSON.stringify(next));
}
