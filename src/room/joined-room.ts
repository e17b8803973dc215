import { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { JoinedRoom } from "../protocol/server-frame.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { iso } from "./iso.ts";

/** Where a room stands when someone joins; `history` is messages as JSON text. */
export interface Standing extends Omit<JoinedRoom, "history" | "heartbeatMs" | "limits"> {
  readonly history: readonly string[];
  readonly limits: RoomLimits;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The first frame of a connection. History goes in as the text it is stored as. */
export function joinedRoom({ history, limits, now, ...standing }: Standing): EncodedFrame {
  const { frameBytes, contentChars, framesPerSecond, heartbeatMs } = limits;
  const payload: Omit<JoinedRoom, "history"> = {
    ...standing,
    heartbeatMs,
    limits: { frameBytes, contentChars, framesPerSecond },
  };
  const fields = JSON.stringify(payload).slice(0, -1);
  return EncodedFrame.fromJson(
    `{"type":"joined_room","timestamp":"${iso(now)}","payload":${fields},"history":[${history.join(",")}]}}`,
  );
}
