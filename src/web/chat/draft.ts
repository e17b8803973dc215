import type { KeyValues } from "../identity/storage.ts";

const PREFIX = "hibiki.draft.";

/** What was written in a room and not sent, in this tab. */
export function loadDraft(storage: KeyValues, room: string): string {
  return storage.getItem(PREFIX + room) ?? "";
}

/** Keeps what is written, over room switches and reloads. */
export function saveDraft(storage: KeyValues, room: string, text: string): void {
  if (text === "") storage.removeItem(PREFIX + room);
  else storage.setItem(PREFIX + room, text);
}
