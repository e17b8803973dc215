import type { KeyValues } from "../../../../src/web/identity/storage.ts";

/** A device's storage in which there is nothing yet. */
export function emptyStorage(): KeyValues {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
