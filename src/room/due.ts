import type { RoomLimits } from "../protocol/settings.ts";
import type { Session } from "./connection.ts";

/** When something must be done next: many things, one alarm, the earliest counts. */
export class Due {
  readonly #limits: RoomLimits;
  #at: number | undefined;

  constructor(limits: RoomLimits) {
    this.#limits = limits;
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

  /** A session is to be ended with its token, and its peer, alive at a time, may fall silent. */
  bySession(session: Session, alive: number, now: number): void {
    this.by(session.expiresAt);
    if (session.wire !== "plain") this.bySweep(now);
    else if (this.#limits.plainSilenceMs > 0) {
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
