import { type Refusal, refusal } from "../../protocol/error.ts";
import type { Json } from "../../protocol/json.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { PRESENCE_BOUNDS } from "../../protocol/presence-limits.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import { type Connection, isPresent } from "../connections/connection.ts";
import type { RoomSockets } from "../connections/sockets.ts";
import { flushDelayMs } from "../flush/flush-pace.ts";
import type { Telling } from "../hooks/effect.ts";
import { updateNotice } from "./presence-notice.ts";
import type { Roster } from "./roster.ts";

const MORE_LATER_MS = 10_000;
const NOTHING: readonly Telling[] = [];

/**
 * What people show of themselves while they are here: each one thing, the last that one of its
 * connections set. One of them keeps it over a hibernation, as the text that the others were told.
 */
export class Appearances {
  readonly #roster: Roster;
  readonly #sockets: Pick<RoomSockets, "save">;
  /** Connections whose session is to be kept anew: of many changes one is kept. */
  readonly #changed = new Set<Connection>();
  /** Milliseconds since the epoch. */
  #savedAt = Number.NEGATIVE_INFINITY;

  constructor(roster: Roster, sockets: Pick<RoomSockets, "save">) {
    this.#roster = roster;
    this.#sockets = sockets;
  }

  /** Why a person may not show so much: what all show together has a bound. */
  refuses(userId: string, bytes: number): Refusal | undefined {
    if (bytes === 0) return undefined;
    if (this.#roster.presence.bytesWith(userId, bytes) <= BOUNDS.presenceRoomBytes)
      return undefined;
    const message = "The people of this room show as much as it can hold. Show less, or try later.";
    return refusal("rate_limited", message, MORE_LATER_MS);
  }

  /** Has the person of a connection show something, or with `null` nothing any more; what the others are told. */
  show(connectionId: string | undefined, data: Json, now: number): readonly Telling[] {
    const connection = this.#roster.connections.get(connectionId ?? "");
    // It may have left before its frame was decided.
    if (connection === undefined || !isPresent(connection.session)) return NOTHING;
    const { userId } = connection.session;
    const text = data === null ? undefined : JSON.stringify(data);
    this.#roster.presence.show(
      userId,
      text === undefined ? undefined : { data, bytes: utf8Bytes(text) },
    );
    for (const other of this.#roster.keeping(userId)) this.#keep(other, undefined);
    this.#keep(connection, text);
    return [updateNotice(connection, data, now)];
  }

  /** A connection outlived a hibernation. */
  restored({ session }: Connection): void {
    const { shown, userId } = session;
    if (shown === undefined || !isPresent(session)) return;
    this.#roster.presence.show(userId, { data: JSON.parse(shown), bytes: utf8Bytes(shown) });
  }

  /** A connection has gone: where its person is still here, another one keeps what it kept. */
  left(gone: Connection): void {
    this.#changed.delete(gone);
    const { shown } = gone.session;
    const heir = shown === undefined ? undefined : this.#roster.besides(gone);
    if (heir === undefined) return;
    this.#keep(heir, shown);
    this.#save(heir);
  }

  /** Whether something has changed that is yet to be kept: such a room does not sleep. */
  get isPending(): boolean {
    return this.#changed.size > 0;
  }

  /** How long that waits, in milliseconds. */
  delayMs(now: number): number {
    return flushDelayMs(PRESENCE_BOUNDS.keepGapMs, this.#savedAt, now);
  }

  /** Keeps what has changed since the last time, if it is time for it. */
  save(now: number): void {
    // A clock that was set back has it wait for one gap, and not until it is where it was.
    const isEarly = now >= this.#savedAt && this.delayMs(now) > 0;
    if (!this.isPending || isEarly) return;
    this.#savedAt = now;
    for (const connection of this.#changed) {
      // Of the room's end nobody is told here.
      if (connection.state === "closed") this.#changed.delete(connection);
      else this.#save(connection);
    }
  }

  #save(connection: Connection): void {
    this.#changed.delete(connection);
    this.#sockets.save(connection.id, connection.session);
  }

  #keep(connection: Connection, shown: string | undefined): void {
    if (connection.session.shown === shown) return;
    connection.session = { ...connection.session, shown };
    this.#changed.add(connection);
  }
}
