import type { JoinedRoom } from "../protocol/server-frame.ts";
import type { LaterFrame } from "./frame-reader.ts";

/**
 * Whether a frame is what this connection caused itself. A socket asks for its own frames too: then
 * the server packs one message for everybody, and none apart for whoever publishes. Applications are
 * told of what others publish alone.
 */
export function isOwnEcho(
  frame: LaterFrame,
  joined: Pick<JoinedRoom, "origin" | "userId"> | undefined,
): boolean {
  if (joined?.origin === undefined) return false;
  if (frame.type === "event") return frame.origin === joined.origin;
  return frame.type === "user_typing" && frame.payload.userId === joined.userId;
}
