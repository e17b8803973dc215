import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { You } from "../../protocol/frames/connection.ts";
import { iso } from "../../protocol/iso.ts";
import type { PresentUser } from "../../protocol/message.ts";
import type { Greeting } from "../../protocol/server-frame.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import type { RoomState } from "../flush/room-state.ts";

/** Who is greeted, and how. */
export interface Newcomer {
  readonly connectionId: string;
  readonly userId: string;
  readonly you: You;
  /** Told to those that asked for their echo. */
  readonly origin?: string | undefined;
  /** Whether what it missed follows. */
  readonly recovered: boolean;
  /** The `seq` after which it is told of the log. */
  readonly after: number;
  /** Messages of history for a client that does not resume. */
  readonly history: number;
  /** People who are shown to it. */
  readonly users: readonly PresentUser[];
}

/**
 * The first frame of a connection: where the room stands. What is long goes in as the text it is
 * stored as.
 *
 * @param now milliseconds since the epoch.
 */
export function greet(
  { connectionId, userId, you, origin, recovered, after, history, users }: Newcomer,
  state: RoomState,
  limits: RoomLimits,
  now: number,
): EncodedFrame {
  const special = state.special.greet({
    connectionId,
    userId,
    you,
    history: recovered ? 0 : history,
    recovered,
    after,
  });
  const { frameBytes, contentChars, framesPerSecond, presencePerSecond, heartbeatMs } = limits;
  const showing = state.kind.conflates("presence") ? { presencePerSecond } : {};
  const payload: Greeting = {
    roomId: state.name,
    userId,
    epoch: state.store.log.epoch,
    seq: state.special.placeOf(state.store.log.head),
    users,
    reads: state.receipts.snapshot(),
    ...(origin === undefined ? {} : { origin }),
    recovered,
    heartbeatMs,
    limits: { frameBytes, contentChars, framesPerSecond, ...showing },
    ...special.fields,
  };
  const fields = JSON.stringify(payload).slice(0, -1);
  const text = special.text ?? `"history":[${special.history.join(",")}]`;
  return EncodedFrame.fromJson(
    `{"type":"${state.kind.greets}","timestamp":"${iso(now)}","payload":${fields},${text}}}`,
  );
}
