import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import type { Close } from "../../../../src/protocol/close.ts";
import type { Cursor } from "../../../../src/protocol/cursor.ts";
import { ProtocolError, type Refusal, refusal } from "../../../../src/protocol/error.ts";
import { fnv1a } from "../../../../src/protocol/fnv1a.ts";
import type { AppRooms, Member, RoomsListener } from "../../../../src/socketio/app/ports.ts";
import { Readings } from "../../../../src/socketio/app/readings.ts";
import { AppSession } from "../../../../src/socketio/app/session.ts";

const EPOCH = "e1";
const HOUR_MS = 3_600_000;

type Joined = { room: string; cursor?: Cursor; history: number };

/** The rooms of one session, as a test has them answer. */
export class ScriptedRooms implements AppRooms {
  readonly joined: Joined[] = [];
  readonly said: { room: string; frame: Record<string, unknown> }[] = [];
  readonly left: string[] = [];
  renewed: Member | undefined;
  closed: Close | undefined;

  readonly member: Member;
  readonly listener: RoomsListener;

  constructor(member: Member, listener: RoomsListener) {
    this.member = member;
    this.listener = listener;
  }

  join(room: string, how: { cursor?: Cursor; history: number }): void {
    this.joined.push({ room, ...how });
  }

  send(room: string, frame: string): void {
    this.said.push({ room, frame: JSON.parse(frame) });
  }

  leave(room: string): void {
    this.left.push(room);
  }

  async users() {
    return [{ userId: "ann", name: "Ann" }];
  }

  renew(member: Member): void {
    this.renewed = member;
  }

  close(close: Close): void {
    this.closed = close;
  }

  /** The room greets whoever has joined it. */
  greet(room: string, more: object = {}): void {
    const { cursor } = this.joined.findLast((one) => one.room === room) ?? {};
    const recovered = cursor?.epoch === EPOCH;
    this.tell(room, "joined_room", {
      ...{ roomId: room, userId: this.member.userId, epoch: EPOCH, seq: 7, recovered },
      ...{ users: [{ userId: "ann", name: "Ann" }], reads: {}, history: [], heartbeatMs: 1 },
      ...{ limits: {}, ...more },
    });
  }

  tell(room: string, type: string, payload: object, envelope: object = {}): void {
    this.listener.frames(room, JSON.stringify({ type, timestamp: "t", ...envelope, payload }));
  }

  /** A message that somebody sent. */
  message(room: string, seq: number, more: object = {}): void {
    const timestamp = "2026-11-27T00:00:00.000Z";
    const message = {
      ...{ seq, messageId: `m${seq}`, userId: "bob", userName: "Bob", content: `c${seq}` },
      ...{ timestamp, ...more },
    };
    this.tell(room, "new_message", message, { seq, messageId: message.messageId });
  }

  ack(room: string, at: number, payload: object): void {
    const messageId = this.said[at]?.frame["messageId"];
    this.tell(room, "ack", payload, { messageId });
  }
}

/** One client of the default app, its connection and its clock. */
export class Scene {
  readonly rooms: ScriptedRooms[] = [];
  readonly packets: Packet[] = [];
  readonly ended: string[] = [];
  now = 1_000_000;
  /** How often an earlier session was told that this one is in its rooms. */
  taken = 0;
  session: AppSession;
  readonly readings = new Readings();
  #timers: { at: number; act: () => void }[] = [];
  #ids = 0;
  readonly #decoder = new Decoder();

  readonly query: Record<string, string>;
  /** What clients came back to. */
  readonly cameBack: string[] = [];

  constructor(query: Record<string, string> = {}, from?: string) {
    this.query = query;
    this.#decoder.on("decoded", (packet: Packet) => this.packets.push(packet));
    this.session = this.open(from);
  }

  /** A new connection, of the same server. */
  open(from?: string): AppSession {
    this.session = new AppSession(
      {
        handshake: { query: this.query },
        send: (message) => this.#decoder.add(message),
        close: (reason) => this.ended.push(reason),
      },
      {
        verify: (token) => this.#verify(token),
        cameBack: (how) => this.cameBack.push(how),
        openRooms: (member, listener) => {
          const rooms = new ScriptedRooms(member, listener);
          this.rooms.push(rooms);
          return rooms;
        },
        sidOf: async (pid, userId) => `${fnv1a(pid + userId)}-${userId}`,
        newId: () => `${"a".repeat(20)}${String(++this.#ids).padStart(4, "0")}`,
        now: () => this.now,
        chance: () => 0.5,
        readings: this.readings,
        after: (ms, act) => this.#after(ms, act),
        limits: {
          frameBytes: 65_536,
          framesPerSecond: 20,
          framesBurst: 50,
          presencePerSecond: 30,
          bytesPerSecond: 65_536,
          bytesBurst: 262_144,
          packetBytes: 1_000_000,
        },
      },
      from === undefined ? undefined : { state: from, taken: () => this.taken++ },
    );
    return this.session;
  }

  get room(): ScriptedRooms {
    const rooms = this.rooms.at(-1);
    if (rooms === undefined) throw new Error("No room was opened.");
    return rooms;
  }

  /** Sends a packet as a stock client encodes it. */
  send(packet: Partial<Packet>): void {
    const whole = { nsp: "/", ...packet } as Packet;
    for (const part of new Encoder().encode(whole)) {
      this.session.message(typeof part === "string" ? part : new Uint8Array(part));
    }
  }

  emit(name: string, data?: unknown, id?: number): void {
    this.send({
      type: PacketType.EVENT,
      data: data === undefined ? [name] : [name, data],
      ...(id === undefined ? {} : { id }),
    });
  }

  /** Comes in as this user, and into these rooms. */
  async enter(auth: object = { token: "ann" }, ...rooms: string[]): Promise<void> {
    this.send({ type: PacketType.CONNECT, data: auth });
    await settle();
    for (const [at, room] of rooms.entries()) {
      this.emit("join_room", room, 1_000 + at);
      this.room.greet(room);
    }
  }

  /** Events that were told, by name, without their offsets. */
  events(name?: string): unknown[][] {
    return this.packets
      .filter(({ type }) => type === PacketType.EVENT)
      .map(({ data }) => (data as unknown[]).filter((_, at, all) => !isOffset(all, at)))
      .filter(([told]) => name === undefined || told === name);
  }

  /** What the callback of an event was called with. */
  answer(id: number): unknown {
    const [packet] = this.packets.filter((one) => one.type === PacketType.ACK && one.id === id);
    return packet?.data[0];
  }

  /** The offset that a stock client holds now. */
  get offset(): string | undefined {
    const texts = this.packets
      .filter(({ type }) => type === PacketType.EVENT)
      .map(({ data }) => data.at(-1))
      .filter((last) => typeof last === "string");
    return texts.at(-1);
  }

  /** How it was let in, or not, last. */
  get connect(): { sid?: string; pid?: string; message?: string; data?: Refusal } | undefined {
    const types: unknown[] = [PacketType.CONNECT, PacketType.CONNECT_ERROR];
    return this.packets.findLast(({ type }) => types.includes(type))?.data;
  }

  async advance(ms: number): Promise<void> {
    this.now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      if (this.#timers.includes(timer)) {
        this.#timers = this.#timers.filter((one) => one !== timer);
        timer.act();
      }
    }
    await settle();
  }

  #after(ms: number, act: () => void): () => void {
    const timer = { at: this.now + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  async #verify(token: string): Promise<Member> {
    if (token === "busy") throw ProtocolError.of(refusal("internal", "The keys are away."));
    if (token === "bad") throw ProtocolError.of(refusal("unauthorized", "No."));
    const [userId = ""] = token.split("#");
    return { userId, token, expiresAt: this.now + HOUR_MS };
  }
}

/** Lets promises that wait for nothing come to their ends. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function isOffset(args: readonly unknown[], at: number): boolean {
  return at > 0 && at === args.length - 1 && typeof args[at] === "string";
}
