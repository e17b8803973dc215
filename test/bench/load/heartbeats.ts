import { pause } from "../../support/pause.ts";
import type { Crowd } from "./crowd.ts";

const TICK_MS = 20;

/**
 * Every connection shows that it is alive once in `everyMs`, spread evenly; where it is the server that
 * pings, whenever it does. Returns how often that was.
 */
export async function heartbeats(crowd: Crowd, everyMs: number, forMs: number): Promise<number> {
  if (crowd.isPinged) {
    const before = crowd.pings;
    await pause(forMs);
    return crowd.pings - before;
  }
  const { members } = crowd;
  const startedAt = performance.now();
  let sent = 0;
  for (;;) {
    const elapsed = performance.now() - startedAt;
    if (elapsed >= forMs) return sent;
    const due = Math.floor((elapsed * members.length) / everyMs);
    for (; sent < due; sent++) members[sent % members.length]?.connection.beat();
    await pause(TICK_MS);
  }
}
