import type { AnyContract, RoomName } from "../contract/contract.ts";
import type { Game } from "../contract/game.ts";
import { inboxName } from "../protocol/inbox-name.ts";
import { Address, type Wants } from "./address.ts";
import { Chat } from "./chat.ts";
import type { ClientKind } from "./client-kind.ts";
import { LONGEST_TIMER_MS } from "./deadline.ts";
import type { DocumentOptions } from "./document-event.ts";
import type { EventMap } from "./emitter.ts";
import { type Environment, platform } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { GameRoom } from "./game-room.ts";
import type { GameOptions } from "./game-types.ts";
import { Inbox } from "./inbox.ts";
import type { InboxEvents } from "./inbox-event.ts";
import type { InboxKind } from "./inbox-kind.ts";
import type { EventsOf, RoomTypes } from "./jsonable.ts";
import { LiveRoom } from "./live-room.ts";
import type { GameEntry } from "./open-game.ts";
import type { OwnEvents, OwnKind } from "./own-kind.ts";
import { OPENING_MS, RUNG_MS } from "./reached.ts";
import { Room } from "./room.ts";
import type { RoomEvents } from "./room-event.ts";
import { requireRoomName } from "./room-name.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";
import type { SharedDocument } from "./shared-document.ts";
import { subjectOf } from "./token-claims.ts";
import { type TokenOption, TokenSource } from "./token-source.ts";
import { Topic } from "./topic.ts";
import type { TopicEvents } from "./topic-event.ts";
import type { TopicKind } from "./topic-kind.ts";
import type { MultiplexOption } from "./transport.ts";
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
   * POST then; who types, and what is shown of people here, is not told.
   */
  readonly transport?: TransportOption;
  /**
   * Whether rooms share one connection; `auto` when absent: WebSockets from the third room on. A room
   * that has one of its own keeps it until it is lost. Documents always have their own.
   */
  readonly multiplex?: MultiplexOption;
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
  /** By what they are asked for as, and their names. */
  readonly #sessions = new Map<string, unknown>();
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
    multiplex = "auto",
    ackTimeoutMs = 5_000,
    reconnectTries = Number.POSITIVE_INFINITY,
  }: ClientOptions) {
    const environment = { ...platform, ...replaced };
    const address = new Address(url);
    const parts = { environment, address, wire, multiplex, rooms: this.#connected };
    this.#isOpaque = typeof token === "string" && subjectOf(token) === undefined;
    this.#options = {
      ackTimeoutMs: Math.min(ackTimeoutMs, LONGEST_TIMER_MS),
      reconnectTries,
      environment,
      address,
      transport: transportOf(transport, parts),
      openingMs: transport === "auto" ? RUNG_MS * 2 + OPENING_MS : OPENING_MS,
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
  room<T extends RoomTypes = object>(id: string, options?: RoomOptions): Room<T>;
  /**
   * Enters a room of a team's own kind, typed by its contract, and starts connecting. Handles as
   * with a chat.
   *
   * @throws {RealtimeError} `invalid_request` when it is no name of such a room, `conflict` when it
   * is entered by another contract already, `disconnected` when the client is closed.
   */
  room<C extends AnyContract>(contract: C, name: RoomName<NoInfer<C>>): LiveRoom<C>;
  room(of: string | AnyContract, more: RoomOptions | string = {}): Room | LiveRoom<AnyContract> {
    if (typeof of !== "string") return this.#live(of, String(more));
    requireRoomName(of);
    const { history } = more as RoomOptions;
    const session = this.#enter(of, entryOf(of, { history }), (options) => {
      return new RoomSession<Chat, RoomEvents>(
        options,
        (session) => new Chat(options.environment, session),
      );
    });
    return new Room(of, session);
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
    const name = (token: string) => inboxName(ownerOf(userId, token));
    const key = `inbox ${userId ?? ""}`;
    const entry = { name, wants: { history } };
    return new Inbox(
      this.#enterLate<InboxKind, InboxEvents>(key, entry, async (session) => {
        const { InboxKind } = await otherKinds();
        return new InboxKind(session);
      }),
    );
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
    const session = this.#enterLate<TopicKind, TopicEvents>(
      `topic ${id}`,
      entryOf(id),
      async (session) => {
        const { TopicKind } = await otherKinds();
        return new TopicKind(session.audience, id, session.options);
      },
    );
    return new Topic<Events>(id, session);
  }

  /**
   * Opens a document that people edit together (P17.1), and starts connecting: by WebSocket, whatever
   * the client's `transport`. Handles as with {@link room}; they share one `Y.Doc` and one `Awareness`.
   *
   * @param name with or without `document:` before it.
   * @throws {RealtimeError} `invalid_request` when it is no document's name, `conflict` when it is open
   * already with another `Y.Doc`, `disconnected` when the client is closed.
   */
  async document(name: string, options?: DocumentOptions): Promise<SharedDocument> {
    const { openDocument } = await import("./open-document.ts");
    return openDocument(this.#enter, name, options);
  }

  /**
   * Enters a game to play or to watch it (P19.1), and starts connecting. Handles as with {@link room}.
   *
   * @param name with or without `game:` before it.
   * @throws {RealtimeError} `invalid_request` when it is no game's name, `conflict` when it is entered
   * already by another game, `disconnected` when the client is closed.
   */
  game(name: string, options?: GameOptions): Promise<GameRoom>;
  /** Enters a game that this end has as well: typed by it, and predicting by its `steer` (P19.5). */
  game<G extends Game>(
    game: G,
    name: string,
    options?: GameOptions<NoInfer<G>>,
  ): Promise<GameRoom<G>>;
  async game(...entry: GameEntry): Promise<GameRoom> {
    const { openGame } = await import("./open-game.ts");
    return openGame(this.#enter, entry);
  }

  /** Leaves every room, for good. Resolves when their connections are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#connected].map((room) => room.close()));
  }

  #live(of: AnyContract, id: string): LiveRoom<AnyContract> {
    requireRoomName(id);
    const contract = `${of.version}.${of.hash}`;
    if (!id.startsWith(`${of.prefix}:`)) throw ofAnother(id);
    const entry = { ...entryOf(id, { contract }), contract };
    const session = this.#enterLate<OwnKind, OwnEvents>(`own ${id}`, entry, async (session) => {
      const { OwnKind } = await import("./own-kind.ts");
      return new OwnKind(session, of);
    });
    if (session.options.contract !== contract) throw ofAnother(id);
    return new LiveRoom(id, session);
  }

  /** Enters a room whose kind's code chats need none of: it is fetched before it is connected to. */
  #enterLate<Kind extends ClientKind, Events extends EventMap<Events>>(
    key: string,
    entry: Entry,
    late: (session: RoomSession<Kind | undefined, Events>) => Promise<Kind>,
  ): RoomSession<Kind | undefined, Events> {
    return this.#enter(key, entry, (options) => {
      const { transport } = options;
      const load = async () => {
        await session.load();
        return transport;
      };
      const waiting = { ...options, transport: { load } };
      const session = new RoomSession<Kind | undefined, Events>(waiting, () => undefined, late);
      return session;
    });
  }

  readonly #enter = <Session extends { close(): Promise<void> }>(
    key: string,
    entry: Entry,
    begin: (options: SessionOptions) => Session,
  ): Session => {
    if (this.#isClosed) throw RealtimeError.local("disconnected", "The client is closed.");
    const known = this.#sessions.get(key);
    // What is asked for in one way is of one kind.
    if (known !== undefined) return known as Session;
    const closed = () => {
      this.#sessions.delete(key);
      session.close().then(() => this.#connected.delete(session));
    };
    const session = begin({ ...this.#options, ...entry, closed });
    this.#sessions.set(key, session);
    this.#connected.add(session);
    return session;
  };
}

/** What is entered, and how much of its past comes along. */
type Entry = Pick<SessionOptions, "name" | "wants" | "contract">;

function entryOf(id: string, wants: Wants = {}): Entry {
  return { name: () => id, wants };
}

/** Has what inboxes and topics bring understood. */
async function otherKinds() {
  const kinds = await import("./other-kinds.ts");
  kinds.learnOtherKinds();
  return kinds;
}

function ofAnother(id: string): RealtimeError {
  return RealtimeError.invalid("conflict", `${id} is of another contract.`);
}

const TOPIC_PREFIX = "topic:";

function ownerOf(owner: string | undefined, token: string): string {
  const found = owner ?? subjectOf(token);
  if (found === undefined) throw unknownOwner();
  return found;
}

function unknownOwner(): RealtimeError {
  const message = "The token does not say whose inbox it is: give the user's id.";
  return RealtimeError.invalid("invalid_request", message);
}
