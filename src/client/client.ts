import { inboxName, roomNameFault } from "../protocol/room-name.ts";
import { Address, type NotificationQuery } from "./address.ts";
import { Chat } from "./chat.ts";
import type { ClientKind } from "./client-kind.ts";
import { LONGEST_TIMER_MS } from "./deadline.ts";
import type { EventMap } from "./emitter.ts";
import { type Environment, platform } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { Inbox } from "./inbox.ts";
import type { InboxEvents } from "./inbox-event.ts";
import type { InboxKind } from "./inbox-kind.ts";
import type { EventsOf, RoomTypes } from "./jsonable.ts";
import { loadPages } from "./page-loader.ts";
import { Room } from "./room.ts";
import type { RoomEvents } from "./room-event.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";
import { SharedRoom } from "./shared-room.ts";
import { subjectOf } from "./token-claims.ts";
import { type TokenOption, TokenSource } from "./token-source.ts";
import { Topic } from "./topic.ts";
import type { TopicEvents } from "./topic-event.ts";
import type { TopicKind } from "./topic-kind.ts";
import { type TransportOption, transportOf } from "./transport-option.ts";
import type { ClientWire } from "./wire-codec.ts";

/** How to reach a server, and as whom. */
export interface ClientOptions {
  /** The server's base URL, as in "https://edge.example": http, https, ws or wss. */
  readonly url: string;
  /** A JWT, or what to call for one: at first, before it ends, and when the server refuses it. */
  readonly token: TokenOption;
  /** How frames look on the wire of a WebSocket; `json` when absent. */
  readonly wire?: ClientWire;
  /**
   * How rooms are reached; `auto` when absent: by WebSocket, where that cannot be established by
   * Server-Sent Events, and where those do not get through by long polling. What is sent goes by
   * POST then; typing is not told.
   */
  readonly transport?: TransportOption;
  /**
   * How long an acknowledgement may take, in milliseconds, until the connection is checked and the
   * frame is sent again; 5,000 when absent.
   */
  readonly ackTimeoutMs?: number;
  /** How often in a row a lost connection is tried again; for ever when absent. */
  readonly reconnectTries?: number;
  /** Replaces parts of the platform. */
  readonly environment?: Partial<Environment>;
}

/** What may be asked of a room when it is entered. */
export interface RoomOptions {
  /**
   * How many messages of history come with the first `joined_room`: 0 to 200, 50 when absent. What
   * the first handle of a room asks for counts.
   */
  readonly history?: number;
}

/** A way into a server's rooms. */
export class RealtimeClient {
  readonly #options: Omit<SessionOptions, keyof Entry | "closed">;
  readonly #isOpaque: boolean;
  readonly #rooms = new Map<string, SharedRoom<Chat, RoomEvents>>();
  readonly #inboxes = new Map<string | undefined, SharedRoom<InboxKind | undefined, InboxEvents>>();
  readonly #topics = new Map<string, SharedRoom<TopicKind | undefined, TopicEvents>>();
  /** All of these, and those that were left, until their connections are closed. */
  readonly #connected = new Set<{ close(): Promise<void> }>();
  #isClosed = false;

  /** @throws {RealtimeError} `invalid_request` when the url is none. Nothing is opened yet. */
  constructor({
    url,
    token,
    environment: replaced,
    wire = "json",
    transport = "auto",
    ackTimeoutMs = 5_000,
    reconnectTries = Number.POSITIVE_INFINITY,
  }: ClientOptions) {
    const environment = { ...platform, ...replaced };
    const address = new Address(url);
    this.#isOpaque = typeof token === "string" && subjectOf(token) === undefined;
    this.#options = {
      ackTimeoutMs: Math.min(ackTimeoutMs, LONGEST_TIMER_MS),
      reconnectTries,
      environment,
      address,
      transport: transportOf(transport, wire, { environment, address }),
      tokens: new TokenSource(token, environment),
    };
  }

  /**
   * Enters a room and starts connecting. Each call gives a handle of its own, which is left on its
   * own; all handles of one room share one connection.
   *
   * @throws {RealtimeError} `invalid_request` when the id is no room's name, `disconnected` when the
   * client is closed.
   */
  room<T extends RoomTypes = object>(id: string, { history }: RoomOptions = {}): Room<T> {
    requireRoomName(id);
    const { environment } = this.#options;
    const shared = this.#enter(this.#rooms, id, { name: () => id, history }, (options) => {
      return new RoomSession(options, (session) => new Chat(environment, session));
    });
    return new Room<T>(id, this.#options, shared);
  }

  /**
   * Opens a user's inbox (P1.4) and starts connecting. Handles as with {@link room}.
   *
   * @param userId whose it is; the token's own user when absent.
   * @throws {RealtimeError} `invalid_request` when that is no user, or the token does not say whose
   * it is; `disconnected` when the client is closed.
   */
  inbox(userId?: string, { history }: RoomOptions = {}): Inbox {
    if (userId !== undefined) requireRoomName(inboxName(userId));
    else if (this.#isOpaque) throw unknownOwner();
    const { environment } = this.#options;
    const page = async (query: NotificationQuery = {}) => {
      const { fetchNotifications } = await loadPages();
      return fetchNotifications(this.#options, (token) => ownerOf(userId, token), query);
    };
    const name = (token: string) => inboxName(ownerOf(userId, token));
    const shared = this.#enterLate(
      this.#inboxes,
      userId,
      { name, history },
      ({ InboxKind }, session) => new InboxKind(environment, session, page),
    );
    return new Inbox(environment, shared, page);
  }

  /**
   * Watches a topic (P8.5) and starts connecting. Handles as with {@link room}.
   *
   * @param name with or without `topic:` before it.
   * @throws {RealtimeError} `invalid_request` when it is no room's name, `disconnected` when the
   * client is closed.
   */
  topic<Events = EventsOf<object>>(name: string): Topic<Events> {
    const id = name.startsWith(TOPIC_PREFIX) ? name : TOPIC_PREFIX + name;
    requireRoomName(id);
    const shared = this.#enterLate(
      this.#topics,
      id,
      { name: () => id, history: undefined },
      ({ TopicKind }, { audience }) => new TopicKind(audience, id, this.#options),
    );
    return new Topic<Events>(id, this.#options.environment, shared);
  }

  /** Leaves every room, for good. Resolves when their connections are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#connected].map((room) => room.close()));
  }

  /** Enters a room whose kind's code chats need none of: it is fetched before it is connected to. */
  #enterLate<Key, Kind extends ClientKind, Events extends EventMap<Events>>(
    rooms: Map<Key, SharedRoom<Kind | undefined, Events>>,
    key: Key,
    entry: Entry,
    kindOf: (kinds: OtherKinds, session: RoomSession<Kind | undefined, Events>) => Kind,
  ): SharedRoom<Kind | undefined, Events> {
    return this.#enter(rooms, key, entry, (options) => {
      const { transport } = options;
      const load = async () => {
        const kinds = await import("./other-kinds.ts");
        kinds.learnOtherKinds();
        session.uplink.adopt(kinds.Conflator);
        if (session.kind === undefined) session.adopt(kindOf(kinds, session));
        return transport;
      };
      const late = { openingMs: transport.openingMs, load };
      const session: RoomSession<Kind | undefined, Events> = new RoomSession<
        Kind | undefined,
        Events
      >({ ...options, transport: late }, () => undefined);
      return session;
    });
  }

  #enter<Key, Kind extends ClientKind | undefined, Events extends EventMap<Events>>(
    rooms: Map<Key, SharedRoom<Kind, Events>>,
    key: Key,
    entry: Entry,
    begin: (options: SessionOptions) => RoomSession<Kind, Events>,
  ): SharedRoom<Kind, Events> {
    if (this.#isClosed) throw RealtimeError.local("disconnected", "The client is closed.");
    const known = rooms.get(key);
    if (known !== undefined) return known;
    const closed = () => {
      rooms.delete(key);
      shared.close().then(() => this.#connected.delete(shared));
    };
    const shared = new SharedRoom(begin({ ...this.#options, ...entry, closed }));
    rooms.set(key, shared);
    this.#connected.add(shared);
    return shared;
  }
}

/** What is entered, and how much of its past comes along. */
type Entry = Pick<SessionOptions, "name" | "history">;
type OtherKinds = typeof import("./other-kinds.ts");

const TOPIC_PREFIX = "topic:";

function requireRoomName(id: string): void {
  const fault = roomNameFault(id);
  if (fault !== undefined) throw RealtimeError.invalid("invalid_request", fault);
}

function ownerOf(owner: string | undefined, token: string): string {
  const found = owner ?? subjectOf(token);
  if (found === undefined) throw unknownOwner();
  return found;
}

function unknownOwner(): RealtimeError {
  const message = "The token does not say whose inbox it is: give the user's id.";
  return RealtimeError.invalid("invalid_request", message);
}
