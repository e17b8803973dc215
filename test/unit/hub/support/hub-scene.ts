import type { Server } from "socket.io";
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import type { SocketioOptions } from "../../../../src/hub/options.ts";
import { ownApp } from "../../../../src/hub/own-app.ts";
import type {
  EngineApp,
  EngineConnection,
  EngineListener,
} from "../../../../src/socketio/engine-connection.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";

const encoder = new Encoder();

/** Long enough for whatever a packet sets off in a hub that waits for nothing. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** A client behind its connection: what it is sent, and what it says. */
export class Peer implements EngineConnection {
  readonly id: string;
  readonly transport = "websocket";
  readonly handshake: EngineConnection["handshake"];
  readonly heard: Packet[] = [];
  isWritable = true;
  isClosed = false;
  listener: EngineListener | undefined;
  readonly #decoder = new Decoder();

  constructor(id: string) {
    this.id = id;
    const query = { EIO: "4" };
    const headers = { "user-agent": "a test" };
    this.handshake = {
      headers,
      url: "/socket.io/?EIO=4",
      query,
      address: "1.2.3.4",
      secure: true,
      at: 7,
    };
    this.#decoder.on("decoded", (packet: Packet) => this.heard.push(packet));
  }

  send(message: string | Uint8Array): void {
    this.#decoder.add(typeof message === "string" ? message : Buffer.from(message));
  }

  close(): void {
    this.isClosed = true;
  }

  async say(packet: Packet): Promise<void> {
    for (const part of encoder.encode(packet)) this.listener?.message(part);
    await settled();
  }

  async connect(data: object = {}, nsp = "/"): Promise<{ sid: string; pid?: string }> {
    await this.say({ type: PacketType.CONNECT, nsp, data });
    return this.heard.findLast(({ type }) => type === PacketType.CONNECT)?.data;
  }

  async emit(event: string, ...args: unknown[]): Promise<void> {
    await this.say({ type: PacketType.EVENT, nsp: "/", data: [event, ...args] });
  }

  /** Emits, and returns what is acknowledged. */
  async ask(event: string, ...args: unknown[]): Promise<unknown> {
    const id = 77;
    await this.say({ type: PacketType.EVENT, nsp: "/", id, data: [event, ...args] });
    return this.heard.findLast((packet) => packet.type === PacketType.ACK)?.data;
  }

  /** Goes away, and is seen to. */
  async leave(reason = "transport close"): Promise<void> {
    this.listener?.closed(reason);
    await settled();
  }

  /** Events that it was told, without the offsets at their ends. */
  get events(): unknown[] {
    return this.heard
      .filter(({ type }) => type === PacketType.EVENT || type === PacketType.BINARY_EVENT)
      .map(({ data }) => (isOffset(data.at(-1)) ? data.slice(0, -1) : data));
  }

  /** The offset that it was told last. */
  get offset(): string | undefined {
    return this.heard.map(({ data }) => data?.at?.(-1)).findLast(isOffset);
  }
}

function later(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

function isOffset(value: unknown): value is string {
  return typeof value === "string" && /^log\.[0-9a-z]+$/.test(value);
}

/** A hub's object: its database outlives its sleeps and crashes. */
export class HubScene {
  readonly database = new NodeDatabase();
  readonly logged: string[] = [];
  now = 1_000_000;
  readonly #setup: (io: Server) => void;
  readonly #options: SocketioOptions;
  #hub: EngineApp;
  #io: Server | undefined;

  constructor(
    setup: (io: Server) => void,
    options: SocketioOptions = { connectionStateRecovery: {} },
  ) {
    this.#setup = setup;
    this.#options = options;
    this.#hub = this.#boot();
  }

  get io(): Server {
    if (this.#io === undefined) throw new Error("It is made when the hub is.");
    return this.#io;
  }

  /** A client arrives. */
  peer(id: string): Peer {
    const peer = new Peer(id);
    peer.listener = this.#hub.opened(peer);
    return peer;
  }

  /** The object loses its memory; these connections are still there. */
  async wake(...peers: Peer[]): Promise<void> {
    this.#hub = this.#boot();
    const listeners = await this.#hub.wake(peers);
    for (const [at, peer] of peers.entries()) peer.listener = listeners[at];
    await settled();
  }

  #boot(): EngineApp {
    const setup = (io: Server) => {
      this.#io = io;
      this.#setup(io);
    };
    return ownApp(setup, this.#options).open({
      database: this.database,
      now: () => this.now++,
      after: later,
      newId: () => "log",
      log: (message) => this.logged.push(message),
    });
  }
}
