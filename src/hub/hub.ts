import { Server, type ServerOptions } from "socket.io";
import { Encoder, PacketType } from "socket.io-parser";
import type { EngineApp, EngineConnection, EngineListener } from "../socketio/engine-connection.ts";
import type { OwnAppPorts } from "../socketio/own-app.ts";
import { migrate } from "../storage/migrations.ts";
import { HubAdapter } from "./hub-adapter.ts";
import { HubConnection, type Outbox } from "./hub-connection.ts";
import { HubEngine } from "./hub-engine.ts";
import { LiveSessions } from "./live-sessions.ts";
import { lostConnection } from "./lost-connection.ts";
import type { CheckedOptions } from "./options.ts";
import { PacketLog } from "./packet-log.ts";
import { HUB_STEPS } from "./schema.ts";
import { SqlSessions } from "./sql-sessions.ts";
import { Waking } from "./waking.ts";

/** What packets a hub keeps for those that were away. */
const LOG_BYTES = 4 * 1024 * 1024;
/** What handlers changed after they answered, or of another's socket, is stored after so long. */
const SETTLED_MS = 1_000;
/** How often sessions are looked for that nobody came back for. */
const TRIM_MS = 600_000;

const encoder = new Encoder();

/** A server of Socket.IO of the real package, whose sockets outlive its sleeps. */
export class Hub implements EngineApp {
  readonly io: Server;
  readonly #ports: OwnAppPorts;
  readonly #options: CheckedOptions;
  /** What `io` was given: socket.io reads what it is told of recovery here, at each connection. */
  readonly #serverOptions: Partial<ServerOptions>;
  readonly #engine = new HubEngine();
  readonly #sessions: SqlSessions;
  readonly #live: LiveSessions;
  readonly #packets: PacketLog;
  readonly #outbox: Outbox;
  #queue: { readonly connection: HubConnection; readonly packet: string | Uint8Array }[] = [];
  /** Connections whose handlers have the turn. */
  readonly #heard = new Set<string>();
  #isFlushDue = false;
  #isSweepDue = false;
  #trimmedAt = 0;
  #waking: Waking | undefined;

  /** @throws what `setup` throws. */
  constructor(setup: (io: Server) => void, options: CheckedOptions, ports: OwnAppPorts) {
    const { database, now, log, newId } = ports;
    migrate(database, HUB_STEPS);
    this.#ports = ports;
    this.#options = options;
    const { maxDisconnectionDurationMs } = options;
    this.#sessions = new SqlSessions(database);
    this.#live = new LiveSessions(this.#sessions, { changed: () => this.#flushSoon(), log });
    this.#packets = new PacketLog(
      database,
      { maxBytes: LOG_BYTES, maxAgeMs: maxDisconnectionDurationMs },
      newId,
    );
    this.#outbox = {
      write: (connection, packet) => this.#write(connection, packet),
      flush: () => this.#flush(),
      heard: (connection) => this.#heardFrom(connection),
      ended: (connection) => {
        this.#engine.ended(connection);
        this.#flushSoon();
      },
      failed: (error) => log(`A handler threw: ${error instanceof Error ? error.stack : error}`),
    };
    const parts = {
      ...{ live: this.#live, sessions: this.#sessions, packets: this.#packets },
      ...{ recovers: options.recovers, maxDisconnectionDurationMs, now },
      waking: () => this.#waking?.sessions,
      woken: (key: string) => this.#waking?.restored(key),
    };
    this.#serverOptions = {
      ...options.server,
      // socket.io makes it by `new`.
      adapter: class extends HubAdapter {
        constructor(nsp: ConstructorParameters<typeof HubAdapter>[0]) {
          super(nsp, parts);
        }
      } as unknown as NonNullable<ServerOptions["adapter"]>,
      serveClient: false,
    };
    this.io = new Server(this.#serverOptions);
    // `bind` is for engines of other kinds; its type knows Engine.IO's alone.
    this.io.bind(this.#engine as unknown as Parameters<Server["bind"]>[0]);
    setup(this.io);
  }

  opened(connection: EngineConnection): EngineListener {
    const opened = new HubConnection(connection, this.#outbox);
    this.#engine.open(opened);
    return opened;
  }

  async wake(connections: readonly EngineConnection[]): Promise<readonly EngineListener[]> {
    const waking = new Waking(this.#sessions.connected());
    const { connectionStateRecovery: recovery } = this.#serverOptions;
    this.#waking = waking;
    // Who is let in was decided before; and a session is restored also where clients cannot recover.
    this.#serverOptions.connectionStateRecovery = { ...recovery, skipMiddlewares: true };
    const here = connections.map((connection) => this.#restore(connection, waking));
    const lost = waking
      .without(connections.map(({ id }) => id))
      .map((id) => this.#restore(lostConnection(id, this.#ports.now()), waking));
    await waking.done(this.#ports.after);
    if (recovery === undefined) delete this.#serverOptions.connectionStateRecovery;
    else this.#serverOptions.connectionStateRecovery = recovery;
    this.#live.save();
    this.#waking = undefined;
    for (const connection of [...here, ...lost]) this.#dismiss(connection, waking);
    for (const connection of lost) connection.closed("transport close");
    this.#flush();
    return here;
  }

  /** Tells a client of namespaces that its sockets are in no more: as if handlers had sent them away. */
  #dismiss(connection: HubConnection, waking: Waking): void {
    if (connection.readyState !== "open") return;
    for (const { key, sid, nsp } of waking.on(connection.id)) {
      if (this.#live.has(sid)) continue;
      this.#sessions.delete(key);
      for (const packet of encoder.encode({ type: PacketType.DISCONNECT, nsp })) {
        connection.write(packet);
      }
    }
  }

  #restore(connection: EngineConnection, waking: Waking): HubConnection {
    const restored = new HubConnection(connection, this.#outbox);
    this.#engine.open(restored);
    for (const { nsp, auth, key } of waking.on(connection.id)) {
      const data = { ...auth, pid: key, offset: WAKE };
      for (const packet of encoder.encode({ type: PacketType.CONNECT, nsp, data })) {
        restored.emit("data", packet);
      }
    }
    return restored;
  }

  #write(connection: HubConnection, packet: string | Uint8Array): void {
    if (this.#waking === undefined) {
      this.#queue.push({ connection, packet });
      this.#flushSoon();
    } else {
      this.#waking.heard(connection.id, packet);
    }
  }

  /** What handlers change is stored when their turn is over, also where they answer nothing. */
  #heardFrom({ id }: HubConnection): void {
    this.#heard.add(id);
    if (this.#heard.size > 1) return;
    this.#ports.after(0, () => {
      for (const heard of this.#heard) this.#live.touch(heard);
      this.#heard.clear();
      this.#flush();
    });
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  /** Stores what has changed, and sends what rests on it. */
  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    try {
      for (const { connection } of queue) this.#live.touch(connection.id);
      this.#live.save();
      this.#packets.flush(this.#ports.now());
    } catch (error) {
      this.#ports.log(`Nothing can be stored: ${error}`);
      // Nothing is acknowledged that is not stored: they come back for it.
      for (const { connection } of queue) connection.lose("transport error");
    }
    for (const { connection, packet } of queue) connection.deliver(packet);
    this.#sweepSoon();
  }

  #sweepSoon(): void {
    if (this.#isSweepDue) return;
    this.#isSweepDue = true;
    this.#ports.after(SETTLED_MS, () => {
      this.#isSweepDue = false;
      try {
        this.#live.sweep();
        this.#trim();
      } catch (error) {
        this.#ports.log(`Nothing can be stored: ${error}`);
      }
    });
  }

  #trim(): void {
    const now = this.#ports.now();
    if (now - this.#trimmedAt < TRIM_MS) return;
    this.#trimmedAt = now;
    this.#sessions.trim(now - this.#options.maxDisconnectionDurationMs);
  }
}

/** What a session that wakes is told as its offset: it has missed nothing. */
const WAKE = "wake";
