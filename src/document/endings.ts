import type { Close } from "../protocol/close.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import type { Connection } from "./connection.ts";

/** Connections that were told why they end, and are closed once they had time to read it. */
export class Endings {
  readonly #ending = new Map<string, Connection>();

  /** When the next is to be closed, milliseconds since the epoch; `undefined` when none is. */
  get dueAt(): number | undefined {
    // In order: each waits as long as any other.
    for (const { ending } of this.#ending.values()) return ending?.at;
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
    const due = [...this.#ending.values()].filter(({ ending }) => (ending?.at ?? 0) <= now);
    for (const { id } of due) this.#ending.delete(id);
    return due;
  }
}
