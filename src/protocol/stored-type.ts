import type { ClientFrameRow } from "./frames/row.ts";
import { CLIENT_FRAMES } from "./frames.ts";

const ROWS: ReadonlyMap<string, ClientFrameRow> = new Map(Object.entries(CLIENT_FRAMES));

/** Whether what a client says by a frame of this type is stored, and needs a messageId. */
export function isStoredType(type: string): boolean {
  return ROWS.get(type)?.durable === true;
}
