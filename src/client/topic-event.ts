import type {
  JoinedTopic,
  LastValue,
  ServerFrameOf,
  ServerPayloads,
} from "../protocol/server-frame.ts";
import type { Reset, StatusChange } from "./room-event.ts";

/** Every event of a topic with what its listeners are called with. */
export interface TopicEvents {
  readonly joined_room: readonly [joined: JoinedTopic, frame: ServerFrameOf<"joined_room">];
  /** Something was published, by somebody else. */
  readonly event: readonly [published: ServerPayloads["event"], frame: ServerFrameOf<"event">];
  /** The last known values are other ones now: by a join, or an `event`. */
  readonly last: readonly [values: Readonly<Record<string, LastValue>>];
  /** The connection came, went, or is being retried. */
  readonly status: readonly [change: StatusChange];
  /** The topic began anew, and what was known of it is void. */
  readonly reset: readonly [reset: Reset];
  readonly error: readonly [error: ServerPayloads["error"], frame: ServerFrameOf<"error">];
}
