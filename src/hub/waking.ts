import type { StoredSession } from "./stored-session.ts";

/** How long namespaces and handlers may take until a hub goes on without those that have not answered. */
const WAKE_MS = 5_000;
const REFUSED = /^4(\/[^,]*)?/;

/** The sessions that are restored while a hub wakes. */
export class Waking {
  /** By key. */
  readonly sessions: ReadonlyMap<string, StoredSession>;
  readonly #on: ReadonlyMap<string, readonly StoredSession[]>;
  readonly #waiting: Map<string, StoredSession>;
  readonly #done = Promise.withResolvers<void>();

  constructor(sessions: readonly StoredSession[]) {
    this.sessions = new Map(sessions.map((session) => [session.key, session]));
    this.#on = Map.groupBy(sessions, ({ connection }) => connection);
    this.#waiting = new Map(this.sessions);
    this.#look();
  }

  /** Those of one connection. */
  on(connection: string): readonly StoredSession[] {
    return this.#on.get(connection) ?? [];
  }

  /** Connections that sessions were on and that are none of these. */
  without(connections: readonly string[]): readonly string[] {
    const there = new Set(connections);
    return [...this.#on.keys()].filter((connection) => !there.has(connection));
  }

  restored(key: string): void {
    this.#waiting.delete(key);
    this.#look();
  }

  /** Takes what would have been sent, of which a refusal is an answer. */
  heard(connection: string, packet: string | Uint8Array): void {
    const [found, nsp = "/"] = (typeof packet === "string" && REFUSED.exec(packet)) || [];
    if (found === undefined) return;
    for (const session of this.on(connection)) {
      if (session.nsp === nsp) this.#waiting.delete(session.key);
    }
    this.#look();
  }

  /** Resolves when all have answered, and their handlers have had a turn. */
  async done(after: (ms: number, act: () => void) => () => void): Promise<void> {
    const giveUp = after(WAKE_MS, this.#done.resolve);
    await this.#done.promise;
    // A timer would keep the object awake.
    giveUp();
    await new Promise<void>((resolve) => after(0, resolve));
  }

  #look(): void {
    if (this.#waiting.size === 0) this.#done.resolve();
  }
}
