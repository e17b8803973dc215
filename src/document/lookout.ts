import type { Connection } from "./connection.ts";

/** When connections must be looked at without a frame of theirs. Times are milliseconds since the epoch. */
export class Lookout {
  readonly #silenceMs: number;
  #at = Number.POSITIVE_INFINITY;

  /** @param silenceMs for how long one may say nothing; 0 for ever. */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** When the first of those looked after since {@link restart} is due. */
  get at(): number {
    return this.#at;
  }

  /** Forgets whom it looked after. */
  restart(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** Looks after a connection: its token's end, the next question to the rule, its silence. */
  after(connection: Connection): void {
    const { expiresAt, authority } = connection.editor;
    // About whom the rule is being asked, there will be an answer.
    const askAt = connection.asks === 0 ? authority?.askAt : undefined;
    const times = [expiresAt, this.silentAt(connection), askAt ?? Number.POSITIVE_INFINITY];
    this.#at = Math.min(this.#at, ...times);
  }

  /** When a connection that says nothing has been silent for too long. */
  silentAt({ heardAt }: Connection): number {
    return this.#silenceMs === 0 ? Number.POSITIVE_INFINITY : heardAt + this.#silenceMs;
  }
}
