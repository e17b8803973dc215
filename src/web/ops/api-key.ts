import type { KeyValues } from "../identity/storage.ts";

const KEY = "hibiki.api-key";

/** The API key of this tab; gone when the tab is, because it may do everything. */
export function loadApiKey(storage: KeyValues): string | undefined {
  return storage.getItem(KEY) ?? undefined;
}

/** Keeps the API key for as long as the tab is open. */
export function saveApiKey(storage: KeyValues, key: string): void {
  storage.setItem(KEY, key);
}

/** Forgets the API key. */
export function forgetApiKey(storage: KeyValues): void {
  storage.removeItem(KEY);
}
