import type { Keep } from "../metrics/keep.ts";
import { type Database, first, textIn } from "./database.ts";

/** One value as JSON in the one row of a table of its own: a save writes exactly one row. */
export class SqlKeep implements Keep {
  readonly #database: Database;
  readonly #table: string;

  /** @param table one with `id` (always 1) and `kept`, of a name that we chose. */
  constructor(database: Database, table: "stats" | "ledger") {
    this.#database = database;
    this.#table = table;
  }

  load(): unknown {
    const row = first(this.#database.query(`SELECT kept FROM ${this.#table} WHERE id = 1`));
    return row === undefined ? undefined : JSON.parse(textIn(row, "kept"));
  }

  save(value: Readonly<Record<string, unknown>>): void {
    this.#database.query(
      `INSERT INTO ${this.#table} (id, kept) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET kept = excluded.kept`,
      JSON.stringify(value),
    );
  }
}

/** The database of a metrics shard: its ledger, and nothing else. */
export function openLedger(database: Database): Keep {
  database.query(
    "CREATE TABLE IF NOT EXISTS ledger (id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL)",
  );
  return new SqlKeep(database, "ledger");
}
