import type { Close } from "../protocol/close.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { Connection } from "./connection.ts";

/** Connections that were told why they end, and are closed once they had time to read it. */
export class Endings {
  readonly #ending = new Map<string, Connection>();

  get isEmpty(): boolean {
    return this.#ending.size === 0;
  }

  /** How long until the next is to be closed, in milliseconds; `undefined` when none is. */
  dueInMs(now: number): number | undefined {
    // In order: each waits as long as any other.
    for (const { ending } of this.#ending.values()) return waitMs(ending, now);
    return undefined;
  }

  begin(connection: Connection, close: Close, now: number): void {
    connection.ending = { at: now + EDITOR_BOUNDS.refusedCloseMs, close };
    this.#ending.set(connection.id, connection);
  }

  /** A connection has ended by itself. */
  remove(id: string): void {
    this.#ending.delete(id);
  }

  /** Takes those whose time has come. */
  take(now: number): readonly Connection[] {
    const due = [...this.#ending.values()].filter(({ ending }) => waitMs(ending, now) === 0);
    for (const { id } of due) this.#ending.delete(id);
    return due;
  }
}

/** A clock that was set back must not keep anybody for longer. */
function waitMs(ending: Connection["ending"], now: number): number {
  const leftMs = (ending?.at ?? 0) - now;
  return leftMs > EDITOR_BOUNDS.refusedCloseMs ? 0 : Math.max(0, leftMs);
}
