import type { Json } from "../../protocol/json.ts";
import type { Tables } from "../../room/store/tables.ts";
import { first, textIn } from "../../storage/database.ts";

/** Names of its rows: what it holds is told as it is stored, and where it stands is no part of that. */
const SNAPSHOT = "snapshot";
const PLACE = "snapshot-seq";

/** The newest snapshot of a document, in SQLite, which the next one takes the place of. */
export class SqlSnapshot {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** `seq` of the event that it came after; 0 when there is none. */
  seq(): number {
    return Number(this.#value(PLACE) ?? 0);
  }

  /** JSON text of `{version, snapshot}`, or of `null` when there is none. */
  text(): string {
    return this.#value(SNAPSHOT) ?? "null";
  }

  save(version: number, seq: number, snapshot: Json): void {
    this.#set(SNAPSHOT, JSON.stringify({ version, snapshot }));
    this.#set(PLACE, String(seq));
  }

  #value(name: string): string | undefined {
    const row = first(this.#tables.query("SELECT value FROM own WHERE name = ?", name));
    return row && textIn(row, "value");
  }

  #set(name: string, value: string): void {
    this.#tables.query(
      "INSERT INTO own (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      name,
      value,
    );
  }
}
