import type { SQLOutputValue, StatementSync } from "node:sqlite";
import type { Database, SqlRow, SqlValue } from "../storage/database.ts";
import { sqlite } from "./sqlite.ts";

/** A real SQLite in memory behind the port that Durable Objects implement in production. */
export class NodeDatabase implements Database {
  readonly #database = new (sqlite().DatabaseSync)(":memory:");
  readonly #prepared = new Map<string, StatementSync>();
  /** Makes the next transactions fail after their work, as a full disk would. */
  failing = false;
  #statements = 0;

  /** How many statements something runs. */
  counted(work: () => void): number {
    const before = this.#statements;
    work();
    return this.#statements - before;
  }

  /** Rows written so far, those that were rolled back included; without the rows of an index. */
  get writes(): number {
    const row = this.#database.prepare("SELECT total_changes() AS writes").get();
    return Number(row?.["writes"]);
  }

  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow> {
    this.#statements += 1;
    const bound = bindings.map((value) =>
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    );
    return this.#prepare(statement)
      .all(...bound)
      .map(withBuffers);
  }

  transaction(work: () => void): void {
    this.#database.exec("SAVEPOINT turn");
    try {
      work();
      if (this.failing) throw new Error("database or disk is full: SQLITE_FULL");
      this.#database.exec("RELEASE turn");
    } catch (error) {
      this.#database.exec("ROLLBACK TO turn");
      this.#database.exec("RELEASE turn");
      throw error;
    }
  }

  /** Keeps what is written from here on back, until {@link keep} or {@link discard}. */
  hold(): void {
    this.#database.exec("BEGIN");
  }

  /** What was held back stays. */
  keep(): void {
    this.#database.exec("COMMIT");
  }

  /** What was held back was never written. */
  discard(): void {
    this.#database.exec("ROLLBACK");
  }

  #prepare(statement: string): StatementSync {
    let prepared = this.#prepared.get(statement);
    if (prepared === undefined) {
      prepared = this.#database.prepare(statement);
      this.#prepared.set(statement, prepared);
    }
    return prepared;
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
