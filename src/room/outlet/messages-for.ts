import { Bundle, type WireMessage } from "../../protocol/bundle.ts";
import type { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { Connection } from "../connections/connection.ts";

/** Frames for one connection, as its wire has them. */
export function messagesFor(
  { session }: Connection,
  frames: readonly EncodedFrame[],
  now: number,
): readonly WireMessage[] {
  return new Bundle(frames, iso(now)).messages(session.wire);
}
