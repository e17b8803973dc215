import { actorOf, type Connection } from "../connections/connection.ts";
import type { RoomFrame } from "../frame.ts";
import { momentOf } from "../presence/moment.ts";
import { presenceNotice } from "../presence/presence-notice.ts";
import type { RoomCore } from "../room-core.ts";
import type { Occupancy } from "./occupancy.ts";

/** Who comes and goes: what the others are told of it, and what the room's kind is asked. */
export class Attendance {
  readonly #core: RoomCore;
  readonly #occupancy: Occupancy;
  /** Connections that ended while the room slept. */
  readonly #endedAsleep = new WeakSet<Connection>();
  /** People who left with such a one: each of theirs is told apart, and they leave once. */
  readonly #gone = new Set<string>();

  constructor(core: RoomCore, occupancy: Occupancy) {
    this.#core = core;
    this.#occupancy = occupancy;
  }

  /** A connection is about to leave that ended while the room slept. */
  endedAsleep(connection: Connection): void {
    this.#endedAsleep.add(connection);
  }

  /** A person's first connection has come. */
  arrived(connection: Connection, now: number): void {
    this.#gone.delete(connection.session.userId);
    this.#occupancy.entered();
    this.#tell("user_joined", connection, now);
    this.#ask(this.#core.state.special.moments.joined, connection, now);
  }

  /** A person's last connection has gone. */
  departed(connection: Connection, now: number): void {
    if (this.#endedAsleep.has(connection)) {
      const { userId } = connection.session;
      if (this.#gone.has(userId)) return;
      this.#gone.add(userId);
    }
    this.#occupancy.entered();
    this.#tell("user_left", connection, now);
    this.#ask(this.#core.state.special.moments.left, connection, now);
  }

  #tell(type: "user_joined" | "user_left", { session }: Connection, now: number): void {
    const { queue, state } = this.#core;
    if (!state.kind.presence) return;
    queue.push({ kind: "tell", ...presenceNotice(type, session, now) });
  }

  #ask(frame: RoomFrame | undefined, connection: Connection, now: number): void {
    if (frame === undefined) return;
    // It is the person's moment, whichever connection it came with.
    const { connectionId: _, ...person } = actorOf(connection);
    this.#core.queue.push(momentOf(frame, person, now));
  }
}
