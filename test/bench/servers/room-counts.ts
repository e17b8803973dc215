import type { Running } from "./server.ts";

/** What woke the rooms of a server, and what they wrote (workers/counting-room.ts). */
export interface RoomCounts {
  readonly constructed: number;
  readonly fetched: number;
  readonly messages: number;
  readonly closes: number;
  readonly alarms: number;
  readonly rowsWritten: number;
}

/** Reads the counts. They are the Worker's, so no room wakes for it. */
export async function roomCounts({ port }: Running): Promise<RoomCounts> {
  const response = await fetch(`http://127.0.0.1:${port}/bench/counts`);
  // Written by our own entry.
  return (await response.json()) as RoomCounts;
}

/** What came in between. */
export function since(before: RoomCounts, after: RoomCounts): RoomCounts {
  return {
    constructed: after.constructed - before.constructed,
    fetched: after.fetched - before.fetched,
    messages: after.messages - before.messages,
    closes: after.closes - before.closes,
    alarms: after.alarms - before.alarms,
    rowsWritten: after.rowsWritten - before.rowsWritten,
  };
}
