import type { Namespace, Socket } from "socket.io";
import { Adapter, type BroadcastOptions, type Session } from "socket.io-adapter";
import { PacketType } from "socket.io-parser";
import { connectionOf } from "./connection-of.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { PacketLog } from "./packet-log.ts";
import type { SqlSessions } from "./sql-sessions.ts";
import type { StoredSession } from "./stored-session.ts";

/** What the adapters of all namespaces of a hub share. */
export interface AdapterParts {
  readonly live: LiveSessions;
  readonly sessions: SqlSessions;
  readonly packets: PacketLog;
  /** Whether clients that were away are told what they missed. */
  readonly recovers: boolean;
  readonly maxDisconnectionDurationMs: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** While the hub wakes: the sessions that are restored, by key. Nothing is sent then. */
  waking(): ReadonlyMap<string, StoredSession> | undefined;
  /** A session is restored. */
  woken(key: string): void;
}

/** A packet as socket.io gives it to its adapters. */
interface BroadcastPacket {
  readonly type: PacketType;
  readonly id?: number;
  readonly data: readonly unknown[];
}

/** A session that goes on, until its socket is in its namespace. */
interface Returning {
  readonly session: StoredSession;
  /** The last packet that its client heard; of a wake, which misses nothing, `undefined`. */
  readonly offset: string | undefined;
}

/** The adapter of one namespace of a hub: rooms in memory, sessions and missed packets in the database. */
export class HubAdapter extends Adapter {
  declare readonly nsp: Namespace;
  readonly #parts: AdapterParts;
  readonly #returning = new Map<string, Returning>();

  constructor(nsp: Namespace, parts: AdapterParts) {
    super(nsp);
    this.#parts = parts;
    // Acknowledgements of packets that were sent before a sleep must not be taken for those of later ones.
    // `_ids` is private to socket.io 4.8.4; a unit test holds it to this.
    Object.assign(nsp, { _ids: parts.now() });
  }

  override addAll(id: string, rooms: Set<string>): void {
    super.addAll(id, rooms);
    const { live } = this.#parts;
    const socket = this.nsp.sockets.get(id);
    // Not in it yet: what its middlewares do counts once it is.
    if (socket === undefined) return;
    if (live.has(id)) live.change(id);
    else this.#enter(socket);
  }

  override del(id: string, room: string): void {
    super.del(id, room);
    this.#parts.live.change(id);
  }

  override delAll(id: string): void {
    super.delAll(id);
    // One that goes before it was let in stays as it was stored.
    this.#returning.delete(id);
    this.#parts.live.change(id);
  }

  override broadcast(packet: BroadcastPacket, opts: BroadcastOptions): void {
    const { recovers, packets, waking } = this.#parts;
    // Whatever handlers say when they run again they have said before.
    if (waking() !== undefined) return;
    const isKept =
      recovers &&
      packet.type === PacketType.EVENT &&
      packet.id === undefined &&
      opts.flags?.volatile === undefined;
    if (!isKept) {
      super.broadcast(packet, opts);
      return;
    }
    // A copy: children of a dynamic namespace are all given the same packet.
    const data = [...packet.data, packets.nextOffset];
    const rooms = [...opts.rooms];
    packets.add({ nsp: this.nsp.name, rooms, except: [...(opts.except ?? [])], data });
    super.broadcast({ ...packet, data }, opts);
  }

  override broadcastWithAck(
    ...[packet, opts, counted, ack]: Parameters<Adapter["broadcastWithAck"]>
  ): void {
    if (this.#parts.waking() === undefined) super.broadcastWithAck(packet, opts, counted, ack);
    else counted(0);
  }

  override persistSession({ sid, rooms }: { sid: string; rooms: string[] }): void {
    const { live, now } = this.#parts;
    live.end(sid, rooms, now());
  }

  override async restoreSession(key: string, offset: string): Promise<Session> {
    const restored = this.#parts.waking();
    const session = restored === undefined ? this.#found(key) : restored.get(key);
    if (session?.nsp !== this.nsp.name) return NOT_RESTORED;
    const { sid, rooms, data, pid = "" } = session;
    if (restored !== undefined) this.#returning.set(sid, { session, offset: undefined });
    else if (this.#missed(session, offset) === undefined) return NOT_RESTORED;
    else this.#returning.set(sid, { session, offset });
    // What it missed is told when it is in its namespace: nothing is said in between that it does not hear.
    return { sid, pid, rooms: [...rooms], data, missedPackets: [] };
  }

  #found(key: string): StoredSession | undefined {
    const { live, sessions, now, maxDisconnectionDurationMs } = this.#parts;
    live.save();
    const find = () => sessions.find(key, now() - maxDisconnectionDurationMs);
    const session = find();
    const old = session && this.nsp.sockets.get(session.sid);
    if (old === undefined) return session;
    // Its end was not noticed. It goes first, for its rooms are by the same id; and may change them.
    connectionOf(old).lose("transport close");
    live.save();
    return find();
  }

  #missed(
    { nsp, rooms }: StoredSession,
    offset: string,
  ): readonly (readonly unknown[])[] | undefined {
    return this.#parts.packets.since(offset, nsp, rooms, this.#parts.now());
  }

  #enter(socket: Socket): void {
    const { live, recovers, woken } = this.#parts;
    const returning = this.#returning.get(socket.id);
    this.#returning.delete(socket.id);
    // `pid` is private to socket.io 4.8.4, and what its clients are told; a unit test holds it to this.
    const { pid } = socket as unknown as { readonly pid?: string };
    live.enter(socket, recovers ? pid : undefined);
    if (returning === undefined) return;
    const { session, offset } = returning;
    if (offset !== undefined) {
      this.#catchUp(socket, session, offset);
      return;
    }
    // Its handshake is the one that it had.
    const { auth, issuedAt: issued } = session;
    Object.assign(socket.handshake, { auth, issued, time: `${new Date(issued)}` });
    woken(session.key);
  }

  #catchUp(socket: Socket, session: StoredSession, offset: string): void {
    const missed = this.#missed(session, offset);
    if (missed === undefined) {
      // Its middlewares took so long that the log has gone on: it is to begin anew.
      connectionOf(socket).lose("transport error");
      return;
    }
    for (const data of missed) {
      // `packet` is for adapters; socket.io 4.8.4 tells by it what was missed.
      const { packet } = socket as unknown as { packet(of: BroadcastPacket): void };
      packet.call(socket, { type: PacketType.EVENT, data });
    }
  }
}

/** As socket.io's own adapters say that there is no such session; its types have no word for it. */
const NOT_RESTORED = null as unknown as Session;
