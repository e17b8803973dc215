import type { Connection } from "../connections/connection.ts";
import type { RoomFrame } from "../frame.ts";
import type { Telling } from "./effect.ts";
import type { Greeted, KeptValues, KindGreeting, KindPage, KindRoom, KindTurn } from "./kind.ts";

/**
 * A room of some kind whose code may fail. Where somebody waits for an answer, that is for whoever
 * asked to answer for; where nobody does, it is noted here, and the room goes on without.
 */
export class GuardedRoom implements KindRoom {
  readonly #room: KindRoom;
  readonly #failed: (failure: unknown) => void;

  /** @param failed notes what a kind's code has thrown. */
  constructor(room: KindRoom, failed: (failure: unknown) => void) {
    this.#room = room;
    this.#failed = failed;
  }

  get lastValues(): KeptValues | undefined {
    return this.#room.lastValues;
  }

  begin(): KindTurn {
    return this.#room.begin();
  }

  greet(newcomer: Greeted): KindGreeting {
    return this.#room.greet(newcomer);
  }

  poll(): object {
    return this.#room.poll();
  }

  page(name: string, query: unknown): KindPage | undefined {
    return this.#room.page(name, query);
  }

  rolledBack(): void {
    this.#guard(undefined, () => this.#room.rolledBack());
  }

  left(connection: Connection, now: number): readonly Telling[] {
    return this.#guard([], () => this.#room.left(connection, now));
  }

  /** Throws what it throws: without it, nothing may be dropped that it was to keep. */
  upkeep(now: number): void {
    this.#room.upkeep(now);
  }

  due(now: number): readonly RoomFrame[] {
    return this.#guard([], () => this.#room.due(now));
  }

  wakeAt(): number | undefined {
    return this.#guard(undefined, () => this.#room.wakeAt());
  }

  trimmed(oldest: number): void {
    this.#guard(undefined, () => this.#room.trimmed(oldest));
  }

  /** What cannot be told may be worth keeping. */
  livesUntil(now: number): number {
    return this.#guard(Number.POSITIVE_INFINITY, () => this.#room.livesUntil(now));
  }

  #guard<T>(otherwise: T, work: () => T): T {
    try {
      return work();
    } catch (failure) {
      this.#failed(failure);
      return otherwise;
    }
  }
}
