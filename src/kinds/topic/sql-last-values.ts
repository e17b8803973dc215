import type { Json } from "../../protocol/json.ts";
import { isKeyText } from "../../protocol/key-text.ts";
import type { LastValue } from "../../protocol/server-frame.ts";
import type { Tables } from "../../room/store/tables.ts";
import { first, textIn } from "../../storage/database.ts";
import type { LastValueStore } from "./last-values.ts";

/** Last values of a topic in SQLite: one row an event name. */
export class SqlLastValues implements LastValueStore {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  load(): ReadonlyMap<string, LastValue> {
    const rows = [...this.#tables.query("SELECT event, data, timestamp FROM last_values")];
    // Release 0.1.0 took any event name, and one that no reader can hold kept everyone out.
    const readable = rows.filter((row) => isKeyText(textIn(row, "event")));
    return new Map(
      readable.map((row) => {
        // Written by this class from a checked value, so it is one.
        const data = JSON.parse(textIn(row, "data")) as Json;
        return [textIn(row, "event"), { data, timestamp: textIn(row, "timestamp") }];
      }),
    );
  }

  remove(event: string): boolean {
    const statement = "DELETE FROM last_values WHERE event = ? RETURNING event";
    return first(this.#tables.query(statement, event)) !== undefined;
  }

  save(values: ReadonlyMap<string, LastValue>): void {
    for (const [event, { data, timestamp }] of values) {
      this.#tables.query(
        "INSERT INTO last_values (event, data, timestamp) VALUES (?, ?, ?) ON CONFLICT (event) DO UPDATE SET data = excluded.data, timestamp = excluded.timestamp",
        event,
        JSON.stringify(data),
        timestamp,
      );
    }
  }
}
