import type { RoomLimits } from "../protocol/settings.ts";
import type { Session } from "./connection.ts";

/** When something must be done next: many things, one alarm, the earliest counts. */
export class Due {
  readonly #sweepMs: number;
  #at: number | undefined;

  constructor({ sweepMs }: RoomLimits) {
    this.#sweepMs = sweepMs;
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
    this.by(now + this.#sweepMs);
  }

  /** A session is to be ended with its token, and its peer may fall silent. */
  bySession({ expiresAt, wire }: Session, now: number): void {
    this.by(expiresAt);
    if (wire !== "plain") this.bySweep(now);
  }

  /** Forgets everything: whoever looks now says anew what is due. */
  clear(): void {
    this.#at = undefined;
  }
}
