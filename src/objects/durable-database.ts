import type { Database, SqlRow, SqlValue } from "../storage/database.ts";

/** The SQLite of a Durable Object. */
export class DurableDatabase implements Database {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow> {
    return this.#storage.sql.exec<Record<string, SqlValue>>(statement, ...bindings);
  }

  transaction(work: () => void): void {
    this.#storage.transactionSync(work);
  }
}
