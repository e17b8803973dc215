import type { Environment } from "./environment.ts";

/**
 * How long a transport that has worked before may fail, in milliseconds, before a lower one is
 * tried: a server that restarts refuses them all, and the first try after it must not be a lower.
 */
const PATIENCE_MS = 5_000;

/**
 * Remembers which of some transports works here, the best first; each is a rung, 0 the top. What is
 * shared between rooms is a hint where to begin: one room that gets through only further down says
 * nothing about the others while any of them is carried higher up.
 */
export class Ladder {
  readonly #environment: Environment;
  /** How many rooms each rung carries now. */
  readonly #carries: number[];
  /** Since when each room has been failing, by its name. */
  readonly #failingSince = new Map<string, number>();
  #start = 0;
  #isProven = false;

  /** @param rungs how many there are. */
  constructor(environment: Environment, rungs: number) {
    this.#environment = environment;
    this.#carries = Array.from({ length: rungs }, () => 0);
  }

  /** A room begins to climb; the rung to begin at. */
  begin(room: string): number {
    if (!this.#failingSince.has(room)) this.#failingSince.set(room, this.#environment.now());
    return this.#start;
  }

  /** A rung got a room through to the server; see {@link left}. */
  carried(room: string, rung: number): void {
    this.#failingSince.delete(room);
    this.#carries[rung] = (this.#carries[rung] ?? 0) + 1;
    this.#hint(rung);
  }

  /** A rung was seen to work. */
  found(rung: number): void {
    this.#hint(rung);
  }

  /** A room that a rung carried is no longer on it. */
  left(rung: number): void {
    this.#carries[rung] = Math.max(0, (this.#carries[rung] ?? 0) - 1);
  }

  /** The rung to try after this one failed a room; `undefined` when there is none, or not yet. */
  below(room: string, rung: number): number | undefined {
    if (this.#isProven && rung === this.#start && this.#failingForMs(room) < PATIENCE_MS) {
      return undefined;
    }
    if (rung + 1 < this.#carries.length) return rung + 1;
    // Nothing works down here any more, so perhaps what is above does.
    if (this.#start > 0) {
      this.#start = 0;
      this.#isProven = false;
    }
    return undefined;
  }

  #hint(rung: number): void {
    if (this.#carries.some((count, better) => better < rung && count > 0)) return;
    this.#start = rung;
    this.#isProven = true;
  }

  #failingForMs(room: string): number {
    const now = this.#environment.now();
    return Math.max(0, now - (this.#failingSince.get(room) ?? now));
  }
}
