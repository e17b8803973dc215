import type { SQLOutputValue, StatementSync } from "node:sqlite";
import type { Database, SqlRow, SqlValue } from "../storage/database.ts";
import { sqlite } from "./sqlite.ts";

const WRITES = /^\s*(INSERT|UPDATE|DELETE)\b/;

/** A real SQLite in memory behind the port that Durable Objects implement in production. */
export class NodeDatabase implements Database {
  readonly #database = new (sqlite().DatabaseSync)(":memory:");
  readonly #prepared = new Map<string, StatementSync>();
  /** Makes the next transactions fail after their work, and writes outside of any, as a full disk would. */
  failing = false;
  #transactions = 0;
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
    if (this.failing && this.#transactions === 0 && WRITES.test(statement)) throw full();
    const bound = bindings.map((value) =>
      value instanceof ArrayBuffer ? new Uint8Array(value) : value,
    );
    return this.#prepare(statement)
      .all(...bound)
      .map(withBuffers);
  }

  transaction(work: () => void): void {
    this.#database.exec("SAVEPOINT turn");
    this.#transactions += 1;
    try {
      work();
      if (this.failing) throw full();
      this.#database.exec("RELEASE turn");
    } catch (error) {
      this.#database.exec("ROLLBACK TO turn");
      this.#database.exec("RELEASE turn");
      throw error;
    } finally {
      this.#transactions -= 1;
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

function full(): Error {
  return new Error("database or disk is full: SQLITE_FULL");
}
