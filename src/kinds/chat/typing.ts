import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { User } from "../../protocol/message.ts";
import type { Telling } from "../../room/hooks/effect.ts";

/** Tells the others that someone began or ended typing. */
export function typingNotice({ userId, name }: User, typing: boolean, now: number): Telling {
  return {
    audience: { to: "all-but-user", userId },
    frame: EncodedFrame.of({
      type: "user_typing",
      timestamp: iso(now),
      payload: { userId, name, typing },
    }),
  };
}
