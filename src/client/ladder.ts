import type { Environment } from "./environment.ts";
import { failingForMs, isPatient, type Reached } from "./reached.ts";

/**
 * Remembers which of some transports works here, the best first; each is a rung, 0 the top. What is
 * shared between rooms is a hint where to begin: one room that gets through only further down says
 * nothing about the others while any of them is carried higher up.
 */
export class Ladder {
  readonly #environment: Environment;
  readonly #reached: Reached;

  /** @param reached what is known, by others too. */
  constructor(environment: Environment, reached: Reached) {
    this.#environment = environment;
    this.#reached = reached;
  }

  /** A room begins to climb; the rung to begin at. */
  begin(room: string): number {
    failingForMs(this.#reached, room, this.#environment.now());
    return this.#reached.start;
  }

  /** A rung got a room through to the server; see {@link left}. */
  carried(room: string, rung: number): void {
    const { carries, failingSince } = this.#reached;
    failingSince.delete(room);
    carries[rung] = (carries[rung] ?? 0) + 1;
    this.#hint(rung);
  }

  /** A rung was seen to work. */
  found(rung: number): void {
    this.#hint(rung);
  }

  /** A room that a rung carried is no longer on it. */
  left(rung: number): void {
    const { carries } = this.#reached;
    carries[rung] = Math.max(0, (carries[rung] ?? 0) - 1);
  }

  /** The rung to try after this one failed a room; `undefined` when there is none, or not yet. */
  below(room: string, rung: number): number | undefined {
    const reached = this.#reached;
    if (isPatient(reached, room, rung, this.#environment.now())) return undefined;
    if (rung + 1 < reached.carries.length) return rung + 1;
    // Nothing works down here any more, so perhaps what is above does.
    if (reached.start > 0) {
      reached.start = 0;
      reached.isProven = false;
    }
    return undefined;
  }

  #hint(rung: number): void {
    const reached = this.#reached;
    if (reached.carries.some((count, better) => better < rung && count > 0)) return;
    reached.start = rung;
    reached.isProven = true;
  }
}
