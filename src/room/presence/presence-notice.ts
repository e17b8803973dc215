import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { Json } from "../../protocol/json.ts";
import type { User } from "../../protocol/message.ts";
import type { Connection } from "../connections/connection.ts";
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

/** Tells the others what a person shows of itself: of a flush the newest. */
export function updateNotice({ id, session }: Connection, data: Json, now: number): Telling {
  const { userId, name } = session;
  const frame = EncodedFrame.of({
    type: "user_updated",
    timestamp: iso(now),
    payload: { userId, name, data },
  });
  return {
    audience: { to: "all-but-connection", connectionId: id },
    frame,
    conflated: `presence:${userId}`,
    owedToNewcomers: true,
  };
}
