import type { Socket } from "socket.io";
import { connectionOf } from "./connection-of.ts";
import type { SqlSessions } from "./sql-sessions.ts";
import { sessionIn, sessionText } from "./stored-session.ts";

/** A row of SQLite takes 2 MB: what is kept of one socket is held to half of that. */
const SESSION_CHARS = 1024 * 1024;

/** Whose sockets they are. */
export interface LiveSessionsOwner {
  /** There is something to be stored. */
  changed(): void;
  log(message: string): void;
}

interface Live {
  readonly socket: Socket;
  readonly key: string;
  readonly pid: string | undefined;
  /** What is stored of it. */
  text: string;
  isReported: boolean;
}

/** What is kept of the sockets that are connected: stored when it has changed, before anything is sent. */
export class LiveSessions {
  readonly #store: SqlSessions;
  readonly #owner: LiveSessionsOwner;
  readonly #live = new Map<string, Live>();
  /** Ids of sockets, by connection. */
  readonly #on = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();
  /** Of those that are over: what is still to be stored, by key. */
  readonly #ended = new Map<string, { connection: string; text: string; at: number }>();

  constructor(store: SqlSessions, owner: LiveSessionsOwner) {
    this.#store = store;
    this.#owner = owner;
  }

  has(sid: string): boolean {
    return this.#live.has(sid);
  }

  /** @param pid what its client brings to recover it. */
  enter(socket: Socket, pid: string | undefined): void {
    const { id } = socket;
    this.#live.set(id, { socket, pid, key: pid ?? id, text: "", isReported: false });
    const on = this.#on.get(connectionOf(socket).id);
    if (on === undefined) this.#on.set(connectionOf(socket).id, new Set([id]));
    else on.add(id);
    this.#changed.add(id);
  }

  /** A socket's rooms have changed. */
  change(sid: string): void {
    if (!this.#live.has(sid)) return;
    this.#changed.add(sid);
    this.#owner.changed();
  }

  /** Its handlers may have changed what is kept of any socket of this connection. */
  touch(connection: string): void {
    for (const sid of this.#on.get(connection) ?? []) this.#changed.add(sid);
  }

  /** The client of a socket is gone and may come back. */
  end(sid: string, rooms: readonly string[], now: number): void {
    const live = this.#live.get(sid);
    if (live === undefined) return;
    const text = this.#textOf(live, rooms);
    this.#ended.set(live.key, { connection: connectionOf(live.socket).id, text, at: now });
    this.#forget(sid, live);
  }

  /**
   * Stores what has changed; what is over for good is deleted.
   *
   * @throws what the database does; what is not stored then is by the next call.
   */
  save(): void {
    for (const [key, { connection, text, at }] of this.#ended) {
      this.#store.save(key, connection, text, at);
      this.#ended.delete(key);
    }
    for (const sid of this.#changed) {
      const live = this.#live.get(sid);
      if (live === undefined) {
        this.#changed.delete(sid);
        continue;
      }
      this.#saveOne(sid, live);
      this.#changed.delete(sid);
    }
  }

  /** Looks at all of them, as those are that one handler has changed of another's. */
  sweep(): void {
    for (const sid of this.#live.keys()) this.#changed.add(sid);
    this.save();
  }

  #forget(sid: string, { socket }: Live): void {
    this.#live.delete(sid);
    const on = this.#on.get(connectionOf(socket).id);
    on?.delete(sid);
    if (on?.size === 0) this.#on.delete(connectionOf(socket).id);
  }

  #saveOne(sid: string, live: Live): void {
    const { socket, key } = live;
    if (socket.nsp.sockets.get(sid) !== socket) {
      this.#store.delete(key);
      this.#forget(sid, live);
      return;
    }
    const text = this.#textOf(live, [...socket.rooms]);
    if (text === live.text) return;
    this.#store.save(key, connectionOf(socket).id, text, null);
    live.text = text;
  }

  /** Where its data cannot be stored, that is what was stored last; its rooms are as they are. */
  #textOf(live: Live, rooms: readonly string[]): string {
    const { socket, pid, key } = live;
    const { auth, issued: issuedAt } = socket.handshake;
    const where = { key, connection: connectionOf(socket).id, rooms: [...rooms] };
    const facts = { ...where, nsp: socket.nsp.name, sid: socket.id, pid, auth, issuedAt };
    try {
      const text = sessionText({ ...facts, data: socket.data });
      if (text.length <= SESSION_CHARS) return text;
      this.#report(live, `it is kept in at most ${SESSION_CHARS} characters`);
    } catch (error) {
      this.#report(live, String(error));
    }
    const { data } = live.text === "" ? { data: {} } : sessionIn(key, "", live.text);
    return sessionText({ ...facts, data });
  }

  /** Said once of a socket. */
  #report(live: Live, problem: string): void {
    if (live.isReported) return;
    live.isReported = true;
    this.#owner.log(`socket.data of ${live.socket.id} is not kept over a sleep: ${problem}.`);
  }
}
