import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { Database, SqlRow, SqlValue } from "../../src/storage/database.ts";

/** A real SQLite in memory behind the port that Durable Objects implement in production. */
export class NodeDatabase implements Database {
  readonly #database = new DatabaseSync(":memory:");
  /** Makes the next transactions fail after their work, as a full disk would. */
  failing = false;
  #statements = 0;

  /** How many statements something runs. */
  counted(work: () => void): number {
    const before = this.#statements;
    work();
    return this.#statements - before;
  }

  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow> {
    this.#statements += 1;
    const bound = bindings.map((value) =>
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    );
    return this.#database
      .prepare(statement)
      .all(...bound)
      .map(withBuffers);
  }

  transaction(work: () => void): void {
    this.#database.exec("BEGIN");
    try {
      work();
      if (this.failing) throw new Error("database or disk is full: SQLITE_FULL");
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** Bytes as the platform has them. */
function withBuffers(row: Record<string, SQLOutputValue>): SqlRow {
  for (const [column, value] of Object.entries(row)) {
    if (value instanceof Uint8Array) Object.assign(row, { [column]: value.slice().buffer });
  }
  // Of what SQLite has, only bytes and numbers over 2^53 are no values of ours; none of the latter is stored.
  return row as unknown as SqlRow;
}
