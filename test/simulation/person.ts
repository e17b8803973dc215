import { RealtimeClient } from "../../src/client/client.ts";
import { type IncomingFrame, readFrames } from "../../src/client/frame-reader.ts";
import { MSGPACK_CODEC } from "../../src/client/msgpack-codec.ts";
import { learnOtherKinds } from "../../src/client/other-kinds.ts";
import { JSON_CODEC } from "../../src/client/wire-codec.ts";
import { Device, type OpenedSocket } from "../../src/testing/device.ts";
import type { TestServer } from "../../src/testing/test-server.ts";
import { testToken } from "../../src/testing/test-token.ts";
import type { Books } from "./books.ts";
import type { Dice } from "./dice.ts";
import { type Draft, Seat } from "./seat.ts";

// As the SDK does before it enters an inbox: what comes in is read beside it.
learnOtherKinds();

/** How long a token lasts, in milliseconds. */
const TOKEN_MS = 3_600_000;

/** What people live in. */
export interface Habitat {
  readonly server: TestServer;
  readonly books: Books;
  readonly dice: Dice;
  readonly everyone: readonly string[];
  /** A frame has reached somebody's device, over a socket. */
  readonly heard: (userId: string, socket: OpenedSocket, frame: IncomingFrame) => void;
  readonly fail: (error: unknown) => void;
}

/** Somebody with a device, on which an application runs or not. */
export class Person {
  readonly userId: string;
  readonly #world: Habitat;
  readonly #wire: "json" | "msgpack";
  readonly #drafts = new Map<string, Draft>();
  #device: Device;
  #client: RealtimeClient | undefined;
  #seats: readonly Seat[] = [];

  constructor(userId: string, world: Habitat) {
    this.userId = userId;
    this.#world = world;
    this.#wire = world.dice.chance(0.3) ? "msgpack" : "json";
    this.#device = this.#newDevice();
  }

  get device(): Device {
    return this.#device;
  }

  /** The rooms that the application has open. */
  get seats(): readonly Seat[] {
    return this.#seats;
  }

  get isHere(): boolean {
    return this.#client !== undefined;
  }

  /** Opens the application in some rooms, or has it enter again those that were closed for good. */
  open(rooms: readonly string[]): void {
    const { dice } = this.#world;
    this.#client ??= new RealtimeClient({
      url: "https://edge.test",
      transport: "websocket",
      wire: this.#wire,
      token: () => this.#token(),
      environment: this.#device.environment,
    });
    const client = this.#client;
    const kept = this.#seats.filter(({ isClosed }) => !isClosed);
    const wanted = rooms.filter((room) => !kept.some(({ name }) => name === room));
    const seats = wanted.map((name) => {
      const { books, everyone, fail } = this.#world;
      const { userId } = this;
      const others = everyone.filter((other) => other !== userId);
      const parts = { client, name, userId, books, dice, others, fail };
      const draft = this.#drafts.get(name);
      this.#drafts.delete(name);
      return new Seat(parts, draft);
    });
    this.#seats = [...kept, ...seats];
    if (dice.chance(0.3)) client.inbox();
  }

  /** Closes the application as one should. */
  close(): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#keep();
    void client.close();
    this.#client = undefined;
    this.#seats = [];
  }

  /** The device is switched off in the middle; what the application had written down is kept. */
  switchOff(serverMs: number | undefined): void {
    this.#keep();
    this.#device.switchOff(serverMs);
    this.#client = undefined;
    this.#seats = [];
    this.#device = this.#newDevice();
  }

  #keep(): void {
    for (const seat of this.#seats) {
      this.#drafts.set(seat.name, seat.draft);
      seat.forget();
    }
  }

  #newDevice(): Device {
    const { server, dice, heard } = this.#world;
    const codec = this.#wire === "json" ? JSON_CODEC : MSGPACK_CODEC;
    return new Device(server, dice.random, (socket, data) => {
      for (const frame of readFrames(codec, data)) heard(this.userId, socket, frame);
    });
  }

  #token(): string {
    const { wall } = this.#world.server;
    const grants = { "*": ["read", "write", "publish"] as const };
    return testToken({ userId: this.userId, grants, expiresAt: wall.now() + TOKEN_MS });
  }
}
