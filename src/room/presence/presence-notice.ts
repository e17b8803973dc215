import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { User } from "../../protocol/message.ts";
import type { Telling } from "../hooks/effect.ts";

/** Tells everyone that a person came in, or went. */
export function presenceNotice(
  type: "user_joined" | "user_left",
  { userId, name }: User,
  now: number,
): Telling {
  const frame = EncodedFrame.of({ type, timestamp: iso(now), payload: { userId, name } });
  return { audience: { to: "all" }, frame };
}
