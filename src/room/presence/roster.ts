import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { PresentUser } from "../../protocol/message.ts";
import { FULL_RETRY_MS, ROOM_FULL } from "../../protocol/refusals.ts";
import { type Connection, isPresent, type Session } from "../connections/connection.ts";
import { Presence } from "./presence.ts";

/** The live connections of a room, the people behind them, and the addresses they come from. */
export class Roster {
  readonly presence = new Presence();
  readonly #connections = new Map<string, Connection>();
  readonly #byAddress = new Map<string, number>();
  readonly #byUser = new Map<string, Set<Connection>>();
  readonly #showsPeople: boolean;

  /** @param showsPeople whether the people of the room are told of each other. */
  constructor({ showsPeople }: { readonly showsPeople: boolean }) {
    this.#showsPeople = showsPeople;
  }

  /** Every connection by id, those that are closing included. */
  get connections(): ReadonlyMap<string, Connection> {
    return this.#connections;
  }

  /** Everyone present. */
  users(): readonly PresentUser[] {
    return this.presence.users();
  }

  /** Those present who are shown to others, at most `limit` of them. */
  shown(limit?: number): readonly PresentUser[] {
    return this.#showsPeople ? this.presence.users(limit) : [];
  }

  /** Whether anybody is present. */
  get hasPeople(): boolean {
    return this.presence.size > 0;
  }

  /** Whether a person is present. */
  isHere(userId: string): boolean {
    return this.presence.has(userId);
  }

  /** A live connection; `undefined` once it is closed or closing. */
  open(id: string): Connection | undefined {
    const connection = this.#connections.get(id);
    return connection?.state === "open" ? connection : undefined;
  }

  /** The open connections of one user; the backend's are nobody's. */
  of(userId: string): readonly Connection[] {
    return [...(this.#byUser.get(userId) ?? [])].filter(({ state }) => state === "open");
  }

  /** The connections that keep what a person shows of itself: one at most, but while that changes. */
  keeping(userId: string): readonly Connection[] {
    const theirs = this.#byUser.get(userId) ?? [];
    return [...theirs].filter(({ session }) => session.shown !== undefined);
  }

  /** Another connection of a person who is present by this one; an open one, if there is. */
  besides(connection: Connection): Connection | undefined {
    const theirs = this.#byUser.get(connection.session.userId) ?? [];
    const others = [...theirs].filter((one) => one !== connection && isPresent(one.session));
    return others.find(({ state }) => state === "open") ?? others[0];
  }

  /** Takes a connection in; true when its person was not here before. */
  enter(connection: Connection): boolean {
    const { session } = connection;
    this.#connections.set(connection.id, connection);
    this.#count(session, 1);
    if (session.backend !== true) this.#file(connection);
    return isPresent(session) && this.presence.enter(session);
  }

  /** Takes a connection out; `last` when its person is gone with it. `undefined` when it was out. */
  exit(id: string): { readonly connection: Connection; readonly last: boolean } | undefined {
    const connection = this.#connections.get(id);
    if (connection === undefined) return undefined;
    const { session } = connection;
    connection.state = "closed";
    this.#connections.delete(id);
    this.#count(session, -1);
    this.#unfile(connection);
    return { connection, last: isPresent(session) && this.presence.exit(session.userId) };
  }

  /**
   * Why one more connection is too many; `undefined` when it is not.
   *
   * @param perAddress 0 for no limit.
   * @param leaves another connection that makes room for it.
   */
  tooMany(
    { address, backend }: Session,
    perAddress: number,
    leaves: Connection | undefined,
  ): Refusal | undefined {
    if (leaves?.session.address === address) return undefined;
    if (this.#connections.size >= BOUNDS.connectionsPerRoom) return ROOM_FULL;
    const isFull = perAddress > 0 && (this.#byAddress.get(address) ?? 0) >= perAddress;
    return backend === true || !isFull
      ? undefined
      : refusal(
          "too_many_connections",
          `At most ${perAddress} connections to a room from one address. Close another first.`,
          FULL_RETRY_MS,
        );
  }

  #file(connection: Connection): void {
    const { userId } = connection.session;
    const theirs = this.#byUser.get(userId);
    if (theirs === undefined) this.#byUser.set(userId, new Set([connection]));
    else theirs.add(connection);
  }

  #unfile(connection: Connection): void {
    const { userId } = connection.session;
    const theirs = this.#byUser.get(userId);
    if (theirs?.delete(connection) && theirs.size === 0) this.#byUser.delete(userId);
  }

  #count({ address, backend }: Session, change: 1 | -1): void {
    if (backend === true) return;
    const connections = (this.#byAddress.get(address) ?? 0) + change;
    if (connections === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, connections);
  }
}
