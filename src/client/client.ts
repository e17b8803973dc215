import { ProtocolError } from "../protocol/error.ts";
import { inboxName, parseRoomName } from "../protocol/room-name.ts";
import { Address } from "./address.ts";
import { type Environment, platform } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { ClientWire } from "./frame-reader.ts";
import { Inbox } from "./inbox.ts";
import { Room } from "./room.ts";
import type { SessionOptions } from "./room-session.ts";
import { subjectOf } from "./token-claims.ts";
import { type TokenOption, TokenSource } from "./token-source.ts";
import { Topic } from "./topic.ts";
import { type TransportOption, transportOf } from "./transport-option.ts";

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
  /** How long an acknowledgement may take, in milliseconds; 5,000 when absent. */
  readonly ackTimeoutMs?: number;
  /** How often a frame is transmitted before it is given up; 5 when absent. */
  readonly sendTries?: number;
  /** How often in a row a lost connection is tried again; 10 when absent. */
  readonly reconnectTries?: number;
  /** Replaces parts of the platform. */
  readonly environment?: Partial<Environment>;
}

/** What may be asked of a room when it is entered. */
export interface RoomOptions {
  /** How many messages of history come with the first `joined_room`: 0 to 200, 50 when absent. */
  readonly history?: number;
}

/** A way into a server's rooms. */
export class RealtimeClient {
  readonly #options: Omit<SessionOptions, "name" | "history" | "closed">;
  readonly #isOpaque: boolean;
  readonly #rooms = new Map<string, Room>();
  readonly #inboxes = new Map<string | undefined, Inbox>();
  readonly #topics = new Map<string, Topic>();
  #isClosed = false;

  /** @throws {RealtimeError} `invalid_request` when the url is none. Nothing is opened yet. */
  constructor({
    url,
    token,
    environment: replaced,
    wire = "json",
    transport = "auto",
    ackTimeoutMs = 5_000,
    sendTries = 5,
    reconnectTries = 10,
  }: ClientOptions) {
    const environment = { ...platform, ...replaced };
    const address = new Address(url);
    this.#isOpaque = typeof token === "string" && subjectOf(token) === undefined;
    this.#options = {
      wire,
      ackTimeoutMs,
      sendTries,
      reconnectTries,
      environment,
      address,
      transport: transportOf(transport, { environment, address, wire }),
      tokens: new TokenSource(token, environment),
    };
  }

  /**
   * Enters a room and starts connecting. The same room for the same id until it is closed.
   *
   * @throws {RealtimeError} `invalid_request` when the id is no room's name, `disconnected` when the
   * client is closed.
   */
  room(id: string, { history }: RoomOptions = {}): Room {
    return this.#enter(this.#rooms, id, (closed) => {
      requireRoomName(id);
      return new Room(id, { ...this.#options, name: () => id, history, closed });
    });
  }

  /**
   * Opens a user's inbox (CONTRACT §7) and starts connecting. The same one until it is closed.
   *
   * @param userId whose it is; the token's own user when absent.
   * @throws {RealtimeError} `invalid_request` when that is no user, or the token does not say whose
   * it is; `disconnected` when the client is closed.
   */
  inbox(userId?: string, { history }: RoomOptions = {}): Inbox {
    return this.#enter(this.#inboxes, userId, (closed) => {
      if (userId !== undefined) requireRoomName(inboxName(userId));
      if (userId === undefined && this.#isOpaque) {
        const message = "The token does not say whose it is: give the user's id.";
        throw RealtimeError.invalid("invalid_request", message);
      }
      return new Inbox(userId, { ...this.#options, history, closed });
    });
  }

  /**
   * Watches a topic (CONTRACT §8) and starts connecting. The same one until it is closed.
   *
   * @param name with or without `topic:` before it.
   * @throws {RealtimeError} `invalid_request` when it is no room's name, `disconnected` when the
   * client is closed.
   */
  topic(name: string): Topic {
    const id = name.startsWith(TOPIC_PREFIX) ? name : TOPIC_PREFIX + name;
    return this.#enter(this.#topics, id, (closed) => {
      requireRoomName(id);
      return new Topic(id, { ...this.#options, history: undefined, closed });
    });
  }

  /** Leaves every room, for good. Resolves when their connections are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const entered = [this.#rooms, this.#inboxes, this.#topics].flatMap((rooms) => [
      ...rooms.values(),
    ]);
    await Promise.all(entered.map((room) => room.leave()));
  }

  #enter<Key, R>(rooms: Map<Key, R>, key: Key, make: (closed: () => void) => R): R {
    if (this.#isClosed) throw RealtimeError.local("disconnected", "The client is closed.");
    const known = rooms.get(key);
    if (known !== undefined) return known;
    const room = make(() => rooms.delete(key));
    rooms.set(key, room);
    return room;
  }
}

const TOPIC_PREFIX = "topic:";

function requireRoomName(id: string): void {
  try {
    parseRoomName(id);
  } catch (error) {
    throw error instanceof ProtocolError ? RealtimeError.refused(error.refusal) : error;
  }
}
