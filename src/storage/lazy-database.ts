import { StorageError } from "../room/store/storage-error.ts";
import type { Database, SqlRow, SqlValue } from "./database.ts";
import { migrate, migrateFrom, ROOM_STEPS, type Steps, stepOf } from "./migrations.ts";

/** Only this makes something of nothing: what is copied, changed or deleted must be there before. */
const INSERTS_VALUES = /^INSERT\b(?!.*\bSELECT\b)/s;

/**
 * A database whose tables come with its first write, in the transaction of that write. Until then
 * whatever is asked of it finds no rows, so reading a name that nobody ever used stores nothing.
 */
export class LazyDatabase implements Database {
  readonly #database: Database;
  readonly #created: () => void;
  readonly #steps: Steps;
  #state: "absent" | "present" | "closed";
  #inTransaction = false;

  /**
   * Migrates what is there already.
   *
   * @param created writes what every new database begins with.
   * @param steps its schema; a room's unless told.
   * @throws {NewerSchemaError} when newer code has written it.
   */
  constructor(database: Database, created: () => void, steps = ROOM_STEPS) {
    this.#database = database;
    this.#created = created;
    this.#steps = steps;
    this.#state = stepOf(database) === 0 ? "absent" : "present";
    if (this.exists) migrate(database, steps);
  }

  /** Whether anything was ever written. */
  get exists(): boolean {
    return this.#state === "present";
  }

  /**
   * Says that everything was deleted. Whoever still holds on to it finds nothing, and can write
   * nothing: the next life of the database is not theirs.
   */
  close(): void {
    this.#state = "closed";
  }

  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow> {
    if (!this.exists) {
      if (!INSERTS_VALUES.test(statement)) return [];
      this.#create();
    }
    try {
      return this.#database.query(statement, ...bindings);
    } catch (failure) {
      throw new StorageError(failure);
    }
  }

  transaction(work: () => void): void {
    const before = this.#state;
    this.#inTransaction = true;
    let fault: { readonly of: unknown } | undefined;
    try {
      this.#database.transaction(() => {
        try {
          work();
        } catch (error) {
          fault = { of: error };
          throw error;
        }
      });
    } catch (error) {
      this.#state = before;
      // What is not the work's own fault is the database's.
      throw fault?.of === error ? error : new StorageError(error);
    } finally {
      this.#inTransaction = false;
    }
  }

  #create(): void {
    if (this.#state === "closed") throw new StorageError("This life is over.");
    const create = () => {
      migrateFrom(this.#database, 0, this.#steps);
      this.#state = "present";
      this.#created();
    };
    if (this.#inTransaction) create();
    else this.transaction(create);
  }
}
