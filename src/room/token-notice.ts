import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import type { Connection } from "./connection.ts";
import type { Telling } from "./effect.ts";

/** Tells a connection until when its new token lets it stay. */
export function tokenNotice({ id, session }: Connection, now: number): Telling {
  return {
    audience: { to: "connection", connectionId: id },
    frame: EncodedFrame.of({
      type: "token_refreshed",
      timestamp: iso(now),
      payload: { expiresAt: iso(session.expiresAt) },
    }),
  };
}
