import type { WireMessage } from "../protocol/bundle.ts";
import type { Close } from "../protocol/close.ts";
import type { Keepsake, KeptSession } from "../protocol/kept-session.ts";
import type { Session } from "../room/connections/connection.ts";
import type { RoomSockets } from "../room/connections/sockets.ts";
import type { HostedSockets } from "./host/sockets.ts";

/** Told of every connection that ends, whoever ended it. */
export type OnEnd = (session: Session, close: Close) => void;

/**
 * The sockets of a host as a room sees them: each keeps its session, and one of them what the room
 * knows as long as it has no storage.
 */
export class SessionSockets implements RoomSockets {
  readonly #sockets: HostedSockets<KeptSession>;
  readonly #onEnd: OnEnd;
  readonly #sessions = new Map<string, Session>();
  /** The epoch of a room without storage, for its sockets to keep. */
  #epoch: string | undefined;
  /** The connection that keeps such a room's numbers, and these. */
  #stats: { readonly id: string; readonly value: Keepsake["stats"] } | undefined;

  constructor(sockets: HostedSockets<KeptSession>, onEnd: OnEnd) {
    this.#sockets = sockets;
    this.#onEnd = onEnd;
  }

  /** Has the sockets keep the epoch of a room without storage. */
  keepEpoch(epoch: string): void {
    this.#epoch = epoch;
  }

  /** Has a socket keep the numbers of a room without storage; without any they are forgotten. */
  keepStats(value: Keepsake["stats"]): void {
    const keeper = this.#sessions.has(this.#stats?.id ?? "") ? this.#stats?.id : this.#anyone;
    const session = this.#sessions.get(keeper ?? "");
    if (keeper === undefined || session === undefined) return;
    this.#stats = { id: keeper, value };
    this.#keep(keeper, session);
  }

  /** Takes back a connection that outlived a sleep. */
  restore(id: string, { session, keepsake }: KeptSession): void {
    if (keepsake?.stats !== undefined) this.#stats = { id, value: keepsake.stats };
    this.#sessions.set(id, session);
  }

  /** Keeps a session with its socket, new or as it is now. */
  save(id: string, session: Session): void {
    this.#sessions.set(id, session);
    this.#keep(id, session);
  }

  send(id: string, message: WireMessage): void {
    this.#sockets.send(id, message);
  }

  close(id: string, close: Close): void {
    this.ended(id, close);
    this.#sockets.close(id, close);
  }

  /** A connection's socket has ended, or is about to. */
  ended(id: string, close: Close): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    this.#onEnd(session, close);
  }

  answeredAt(id: string): number | undefined {
    return this.#sockets.answeredAt(id);
  }

  get #anyone(): string | undefined {
    for (const id of this.#sessions.keys()) return id;
    return undefined;
  }

  #keep(id: string, session: Session): void {
    const stats = this.#stats?.id === id ? this.#stats.value : undefined;
    const keepsake = this.#epoch === undefined ? undefined : { epoch: this.#epoch, stats };
    this.#sockets.keep(id, { session, keepsake });
  }
}

/** What the room left with its sockets when it fell asleep without storage. */
export function keepsakeOf(sockets: HostedSockets<KeptSession>): Keepsake | undefined {
  const all = sockets.kept().map(({ kept }) => kept.keepsake);
  return all.find((one) => one?.stats !== undefined) ?? all.find((one) => one !== undefined);
}
