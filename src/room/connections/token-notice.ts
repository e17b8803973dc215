import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { Connection } from "./connection.ts";

/** Tells a connection until when its new token lets it stay. */
export function tokenNotice({ session }: Connection, now: number): EncodedFrame {
  return EncodedFrame.of({
    type: "token_refreshed",
    timestamp: iso(now),
    payload: { expiresAt: iso(session.authority?.tokenEndsAt ?? session.expiresAt) },
  });
}
