import type { Json } from "../../protocol/json.ts";
import type { Tables } from "../../room/store/tables.ts";
import { first, textIn } from "../../storage/database.ts";

/** A state in storage, and the version of the contract that folded it. */
export interface Snapshot {
  readonly version: number;
  readonly seq: number;
  readonly state: Json;
}

/** A timer that waits: when it is due, milliseconds since the epoch, and what its rule is handed. */
export interface Timer {
  readonly at: number;
  readonly data: Json;
  /** Its rule has failed so often, and is run again at that time. */
  readonly failed?: { readonly times: number; readonly retryAt: number };
}

const STATE = "state";
const TIMER = "timer:";

/** What a team's own kind keeps beside the log: a row for its state, and one for each timer. */
export class StandingStore {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  snapshot(): Snapshot | undefined {
    const row = first(this.#tables.query("SELECT value FROM own WHERE name = ?", STATE));
    // Written by this class, like the next.
    return row === undefined ? undefined : (JSON.parse(textIn(row, "value")) as Snapshot);
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.#put(STATE, JSON.stringify(snapshot));
  }

  timers(): ReadonlyMap<string, Timer> {
    const rows = this.#tables.query("SELECT name, value FROM own WHERE name LIKE ?", `${TIMER}%`);
    return new Map(
      [...rows].map((row) => [
        textIn(row, "name").slice(TIMER.length),
        JSON.parse(textIn(row, "value")) as Timer,
      ]),
    );
  }

  setTimer(name: string, timer: Timer): void {
    this.#put(TIMER + name, JSON.stringify(timer));
  }

  removeTimer(name: string): void {
    this.#tables.query("DELETE FROM own WHERE name = ?", TIMER + name);
  }

  #put(name: string, value: string): void {
    const statement =
      "INSERT INTO own (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    this.#tables.query(statement, name, value);
  }
}
