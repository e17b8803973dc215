import { assertNever } from "../protocol/assert-never.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import type { User } from "../protocol/message.ts";
import type { Greeting, JoinedInbox, JoinedTopic } from "../protocol/server-frame.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { RoomState } from "./room-state.ts";

/** Who is greeted, and how. */
export interface Newcomer {
  readonly userId: string;
  /** Told to who asked for its echo. */
  readonly origin?: string | undefined;
  /** Whether what it missed follows. */
  readonly recovered: boolean;
  /** Messages of history for a client that does not resume. */
  readonly history: number;
  /** People who are shown to it. */
  readonly users: readonly User[];
}

/** What only some kinds of room greet with; `history` is entries as JSON text. */
interface Special {
  readonly fields: Partial<Pick<JoinedInbox, "unread"> & Pick<JoinedTopic, "last">>;
  readonly history: readonly string[];
}

/**
 * The first frame of a connection: where the room stands. History goes in as the text it is stored
 * as.
 *
 * @param now milliseconds since the epoch.
 */
export function greet(
  { userId, origin, recovered, history, users }: Newcomer,
  state: RoomState,
  limits: RoomLimits,
  now: number,
): EncodedFrame {
  const special = specialOf(state, recovered ? 0 : history);
  const { frameBytes, contentChars, framesPerSecond, heartbeatMs } = limits;
  const payload: Greeting = {
    roomId: state.name,
    userId,
    epoch: state.store.log.epoch,
    seq: state.store.log.head,
    users,
    reads: state.receipts.snapshot(),
    ...(origin === undefined ? {} : { origin }),
    recovered,
    heartbeatMs,
    limits: { frameBytes, contentChars, framesPerSecond },
    ...special.fields,
  };
  const fields = JSON.stringify(payload).slice(0, -1);
  return EncodedFrame.fromJson(
    `{"type":"joined_room","timestamp":"${iso(now)}","payload":${fields},"history":[${special.history.join(",")}]}}`,
  );
}

function specialOf({ kind, store, lastValues }: RoomState, history: number): Special {
  switch (kind) {
    case "chat":
      return { fields: {}, history: history === 0 ? [] : store.log.newestMessages(history) };
    case "inbox":
      return {
        fields: { unread: store.inbox.unread() },
        history: history === 0 ? [] : store.inbox.newest(history),
      };
    case "topic":
      return { fields: { last: lastValues.snapshot() }, history: [] };
    default:
      return assertNever(kind);
  }
}
