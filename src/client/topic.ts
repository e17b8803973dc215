import type { Json } from "../protocol/json.ts";
import { EnteredRoom } from "./entered-room.ts";
import type { EventsOf, Jsonable } from "./jsonable.ts";
import type { RoomSession } from "./room-session.ts";
import type { LastValues, TopicEvents } from "./topic-event.ts";
import type { TopicKind } from "./topic-kind.ts";
import type { PublishOptions } from "./uplink.ts";

/**
 * Values that somebody publishes and many watch, as for a dashboard: the last of each event is there
 * on joining, and every later one comes as an `event`. Made by `client.topic(name)`.
 */
export class Topic<Events = EventsOf<object>> extends EnteredRoom<
  TopicKind | undefined,
  TopicEvents<Events>
> {
  /** The room's name, `topic:` included. */
  readonly id: string;

  /** For the client: applications call `client.topic(name)`. */
  constructor(id: string, session: RoomSession<TopicKind | undefined, TopicEvents>) {
    // The events are what the application says they are: nobody can check.
    super(session as unknown as RoomSession<TopicKind | undefined, TopicEvents<Events>>);
    this.id = id;
  }

  /**
   * The last value of each event name that was heard of, or published here; empty before the first
   * join.
   */
  get last(): LastValues<Events> {
    return (this.session.kind?.last ?? {}) as LastValues<Events>;
  }

  /**
   * Tells everyone who watches, and keeps the value for whoever joins later. Needs the grant
   * `publish`; a refusal comes as an `error` event. `false` when it was not handed to an open
   * connection, or the server's quota is used up; with `conflate` it is kept until it can go out.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry, `too_large` for what is
   * longer than the server takes.
   */
  publish<K extends keyof Events & string, Data extends Sent<Events, K>>(
    event: K,
    data: Data & Jsonable<Data>,
    options: PublishOptions = {},
  ): boolean {
    const json: unknown = data;
    // Checked at run time, whatever its type says.
    return !this.isLeft && this.session.uplink.publish(event, json as Json, options);
  }
}

/** What may be published as this event: of a topic without types, anything. */
type Sent<Events, K extends keyof Events> = string extends keyof Events ? unknown : Events[K];
