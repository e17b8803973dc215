import type {
  JoinedTopic,
  LastValue,
  ServerFrameOf,
  ServerPayloads,
} from "../protocol/server-frame.ts";
import type { EventsOf, Published } from "./jsonable.ts";
import type { Reset, StatusChange } from "./room-event.ts";

/** The newest value of an event, with its type. */
export type TypedValue<Data> = Omit<LastValue, "data"> & { readonly data: Data };

/** The newest value of each event of a topic, by its name. */
export type LastValues<Events> = string extends keyof Events
  ? Readonly<Record<string, LastValue>>
  : { readonly [K in keyof Events]?: TypedValue<Events[K]> };

/** Every event of a topic with what its listeners are called with. */
export interface TopicEvents<Events = EventsOf<object>> {
  readonly joined_room: readonly [joined: JoinedTopic, frame: ServerFrameOf<"joined_room">];
  /** Something was published, by somebody else. */
  readonly event: readonly [published: Published<Events>, frame: ServerFrameOf<"event">];
  /** The last known values are other ones now: by a join, an `event`, or what one published oneself. */
  readonly last: readonly [values: LastValues<Events>];
  /** The connection came, went, or is being retried. */
  readonly status: readonly [change: StatusChange];
  /** The topic began anew, and what was known of it is void. */
  readonly reset: readonly [reset: Reset];
  readonly error: readonly [error: ServerPayloads["error"], frame: ServerFrameOf<"error">];
}
