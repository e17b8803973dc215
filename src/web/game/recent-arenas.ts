import { recentNames, rememberName } from "../identity/recent-names.ts";
import type { KeyValues } from "../identity/storage.ts";
import { FIRST_ARENA } from "./arena-path.ts";

const KEY = "hibiki.arenas";

/** The arena one is in, those visited on this device, and always the first one, by name. */
export function recentArenas(storage: KeyValues, name: string): readonly string[] {
  return [...new Set([name, ...recentNames(storage, KEY), FIRST_ARENA])].sort();
}

/** Puts an arena on the list. */
export function rememberArena(storage: KeyValues, name: string): void {
  rememberName(storage, KEY, name);
}
