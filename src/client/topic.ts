import type { Json } from "../protocol/json.ts";
import type { LastValue } from "../protocol/server-frame.ts";
import type { Listener } from "./emitter.ts";
import { EnteredRoom } from "./entered-room.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";
import type { TopicEvents } from "./topic-event.ts";
import { TopicKind } from "./topic-kind.ts";
import type { PublishOptions } from "./uplink.ts";

/**
 * Values that somebody publishes and many watch, as for a dashboard: the last of each event is there
 * on joining, and every later one comes as an `event`. Made by `client.topic(name)`.
 */
export class Topic extends EnteredRoom {
  /** The room's name, `topic:` included. */
  readonly id: string;
  readonly #session: RoomSession<TopicKind>;

  /** For the client: applications call `client.topic(name)`. Starts connecting. */
  constructor(id: string, options: Omit<SessionOptions, "name">) {
    const session = new RoomSession(
      { ...options, name: () => id },
      () => new TopicKind(options.environment),
    );
    super(session);
    this.id = id;
    this.#session = session;
  }

  /**
   * The last value of each event name that was heard of; empty before the first join. The server
   * does not tell publishers of what they published themselves.
   */
  get last(): Readonly<Record<string, LastValue>> {
    return this.#session.kind.last;
  }

  /** Listens to one type of event; the function returned stops it. See {@link TopicEvents}. */
  on<T extends keyof TopicEvents>(type: T, listener: Listener<TopicEvents[T]>): () => void {
    return this.#session.kind.events.on(type, listener);
  }

  /**
   * Tells everyone who watches, and keeps the value for whoever joins later. Needs the grant
   * `publish`; a refusal comes as an `error` event. `false` when it was not handed to an open
   * connection, or the server's frame quota is used up.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry, `too_large` for what is
   * longer than the server takes.
   */
  publish(event: string, data: Json, options: PublishOptions = {}): boolean {
    return this.#session.uplink.publish(event, data, options);
  }
}
