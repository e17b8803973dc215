import type { RoomLimits } from "../../protocol/settings.ts";
import type { Connection } from "./connection.ts";
import { aliveAt } from "./silence.ts";
import type { RoomSockets } from "./sockets.ts";

/** When something must be done next: many things, one alarm, the earliest counts. */
export class Due {
  readonly #limits: RoomLimits;
  readonly #sockets: Pick<RoomSockets, "answeredAt">;
  #at: number | undefined;

  constructor(limits: RoomLimits, sockets: Pick<RoomSockets, "answeredAt">) {
    this.#limits = limits;
    this.#sockets = sockets;
  }

  /** Milliseconds since the epoch; `undefined` when nothing will ever be due. */
  get at(): number | undefined {
    return this.#at;
  }

  /** Something is due by `at`, if that is ever: neither `undefined` nor infinite. */
  by(at: number | undefined): void {
    if (at === undefined || !Number.isFinite(at)) return;
    this.#at = this.#at === undefined ? at : Math.min(this.#at, at);
  }

  /** A sweep is due, in its usual time. */
  bySweep(now: number): void {
    this.by(now + this.#limits.sweepMs);
  }

  /** A connection is to be ended with its token, and its peer may fall silent. */
  byConnection(connection: Connection, now: number): void {
    const { id, session } = connection;
    this.by(session.expiresAt);
    // While that is done nothing else is due of it; its end says what is.
    if (connection.asks === 0) this.by(session.authority?.askAt);
    if (session.wire !== "plain") this.bySweep(now);
    else if (this.#limits.plainSilenceMs > 0) {
      const alive = aliveAt(connection, this.#sockets.answeredAt(id), now);
      // Known to the millisecond, so that a silent room need not look every sweep.
      const silentAt = alive + this.#limits.plainSilenceMs + 1;
      this.by(Math.max(silentAt, now + this.#limits.sweepMs));
    }
  }

  /** Forgets everything: whoever looks now says anew what is due. */
  clear(): void {
    this.#at = undefined;
  }
}
