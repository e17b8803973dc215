import { ProtocolError } from "../protocol/error.ts";
import { parseRoomName } from "../protocol/room-name.ts";
import { Address } from "./address.ts";
import { type Environment, platform } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { ClientWire } from "./frame-reader.ts";
import { Room } from "./room.ts";
import { SocketTransport } from "./socket-transport.ts";
import { type TokenOption, TokenSource } from "./token-source.ts";
import type { Transport } from "./transport.ts";

/** How to reach a server, and as whom. */
export interface ClientOptions {
  /** The server's base URL, as in "https://edge.example": http, https, ws or wss. */
  readonly url: string;
  /** A JWT, or what to call for one: at first, before it ends, and when the server refuses it. */
  readonly token: TokenOption;
  /** How frames look on the wire; `json` when absent. */
  readonly wire?: ClientWire;
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
  readonly #options: Required<Omit<ClientOptions, "url" | "token" | "environment">>;
  readonly #environment: Environment;
  readonly #address: Address;
  readonly #transport: Transport;
  readonly #tokens: TokenSource;
  readonly #rooms = new Map<string, Room>();
  #isClosed = false;

  /** @throws {RealtimeError} `invalid_request` when the url is none. Nothing is opened yet. */
  constructor({
    url,
    token,
    environment,
    wire = "json",
    ackTimeoutMs = 5_000,
    sendTries = 5,
    reconnectTries = 10,
  }: ClientOptions) {
    this.#options = { wire, ackTimeoutMs, sendTries, reconnectTries };
    this.#environment = { ...platform, ...environment };
    this.#address = new Address(url);
    this.#transport = new SocketTransport(this.#environment, this.#address, this.#options.wire);
    this.#tokens = new TokenSource(token, this.#environment);
  }

  /**
   * Enters a room and starts connecting. The same room for the same id until it is closed.
   *
   * @throws {RealtimeError} `invalid_request` when the id is no room's name, `disconnected` when the
   * client is closed.
   */
  room(id: string, { history }: RoomOptions = {}): Room {
    if (this.#isClosed) throw RealtimeError.local("disconnected", "The client is closed.");
    const known = this.#rooms.get(id);
    if (known !== undefined) return known;
    requireRoomName(id);
    const room = new Room({
      ...this.#options,
      id,
      history,
      address: this.#address,
      transport: this.#transport,
      tokens: this.#tokens,
      environment: this.#environment,
      closed: () => this.#rooms.delete(id),
    });
    this.#rooms.set(id, room);
    return room;
  }

  /** Leaves every room, for good. Resolves when their connections are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#rooms.values()].map((room) => room.leave()));
  }
}

function requireRoomName(id: string): void {
  try {
    parseRoomName(id);
  } catch (error) {
    throw error instanceof ProtocolError ? RealtimeError.refused(error.refusal) : error;
  }
}
