import type { Actor } from "../actor.ts";
import type { QueueItem } from "../flush/queue.ts";
import type { RoomFrame } from "../frame.ts";

/** A moment of a room as it waits for the flush. Nobody has asked for it, so nobody is answered. */
export function momentOf(frame: RoomFrame, actor: Actor, now: number): QueueItem {
  return { kind: "frame", frame, actor, at: now, bytes: 0, answer: () => {} };
}
