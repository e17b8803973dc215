import type { Entrance } from "./dialect.ts";
import { findMessages } from "./message.ts";
import { MessageSocket } from "./message-socket.ts";

const JOINED = Buffer.from(`"type":"joined_room"`);
const scratch: number[] = [];

/** One WebSocket of somebody, and what is said on it once it is open. */
export interface Line {
  readonly entrance: Entrance;
  readonly says: readonly string[];
}

/** Somebody who hears rooms, over one WebSocket or over one for each, and ticks off every message. */
export class Hearer {
  /** How often each message came, by its number. */
  readonly #copies: Uint8Array;
  readonly #rooms: number;
  readonly #joined = Promise.withResolvers<void>();
  #sockets: readonly MessageSocket[] = [];
  #greetings = 0;
  /** How many messages came. */
  heard = 0;

  private constructor(rooms: number, capacity: number) {
    this.#rooms = rooms;
    this.#copies = new Uint8Array(capacity);
  }

  /** Enters so many rooms over these lines; resolves once it is in all of them. */
  static async enter(lines: readonly Line[], rooms: number, capacity: number): Promise<Hearer> {
    const hearer = new Hearer(rooms, capacity);
    const opening = lines.map(async ({ entrance, says }) => {
      const socket = await MessageSocket.open(entrance, (bytes) => hearer.#take(bytes), "text");
      for (const frame of says) socket.send(Buffer.from(frame));
      return socket;
    });
    hearer.#sockets = await Promise.all(opening);
    await hearer.#joined.promise;
    return hearer;
  }

  /** Throws unless each of the first `sent` messages came exactly once, and every socket is open. */
  requireWhole(sent: number): void {
    if (this.#sockets.some(({ lost }) => lost)) throw new Error("A connection was lost.");
    const wrong = this.#copies.findIndex((copies, id) => copies !== (id < sent ? 1 : 0));
    if (wrong === -1) return;
    throw new Error(`Message ${wrong} of ${sent} came ${this.#copies[wrong]} times.`);
  }

  /** Cuts its connections. */
  leave(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #take(bytes: Buffer): void {
    if (this.#greetings < this.#rooms) this.#greet(bytes);
    scratch.length = 0;
    findMessages(bytes, 0, bytes.length, scratch);
    for (const id of scratch) this.#copies[id] = (this.#copies[id] ?? 0) + 1;
    this.heard += scratch.length;
  }

  #greet(bytes: Buffer): void {
    if (!bytes.includes(JOINED)) return;
    this.#greetings += 1;
    if (this.#greetings === this.#rooms) this.#joined.resolve();
  }
}
