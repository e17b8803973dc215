import type { Json } from "../../protocol/json.ts";
import type { SqlRow, Tables } from "../../room/store/tables.ts";
import { first, numberIn, textIn } from "../../storage/database.ts";

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

/** An event of the log whose state is to be folded anew. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly userId: string;
  /** Of the contract that it was stored by. */
  readonly version: number;
  readonly payload: Json;
}

const STATE = "state";
const TIMER = "timer:";
const VERSION = "version:";
/** So many digits that places sort as texts. */
const DIGITS = 16;

/**
 * A column of the log: the version of the contract that an event was stored by. A row stands where that
 * changes, and not one an event; what comes before the first is of version 1.
 */
export const VERSION_OF = `(SELECT value FROM own WHERE name BETWEEN '${VERSION}' AND '${VERSION}' || printf('%0${DIGITS}d', log.seq) ORDER BY name DESC LIMIT 1) AS version`;

/** The version in a row of which {@link VERSION_OF} was selected. */
export function versionIn({ version }: SqlRow): number {
  return typeof version === "string" ? Number(version) : 1;
}

/** Condition of a row that {@link namedRow} can tell. */
export const IS_ARCHIVED = `(name = '${STATE}' OR name LIKE '${TIMER}%' OR name LIKE '${VERSION}%')`;

/** A row of the table as a line of an export. */
export function namedRow(row: SqlRow): string {
  const [name, value] = [textIn(row, "name"), textIn(row, "value")];
  if (name === STATE) return `{"type":"state",${value.slice(1)}`;
  if (name.startsWith(TIMER)) {
    return `{"type":"timer","name":${JSON.stringify(name.slice(TIMER.length))},${value.slice(1)}`;
  }
  const from = Number(name.slice(VERSION.length));
  return JSON.stringify({ type: "version", from, version: Number(value) });
}

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

  /** The version that the newest events are of. */
  newestVersion(): number {
    const statement = `SELECT value AS version FROM own WHERE name LIKE '${VERSION}%' ORDER BY name DESC LIMIT 1`;
    return versionIn(first(this.#tables.query(statement)) ?? {});
  }

  /** From an event on, all are of this version. */
  setVersion(from: number, version: number): void {
    this.#put(placeOf(from), String(version));
  }

  /** Drops what is told of the versions of events that are gone. */
  trimVersions(oldest: number): void {
    const statement = `DELETE FROM own WHERE name LIKE '${VERSION}%' AND name < (SELECT MAX(name) FROM own WHERE name LIKE '${VERSION}%' AND name <= ?)`;
    this.#tables.query(statement, placeOf(oldest));
  }

  /** Events of the log as they are stored, oldest first, read as they are taken. */
  *eventsAfter(seq: number): Iterable<LoggedEvent> {
    const statement = `SELECT seq, type, at, user_id, payload, ${VERSION_OF} FROM log WHERE seq > ? ORDER BY seq`;
    for (const row of this.#tables.query(statement, seq)) {
      yield {
        seq: numberIn(row, "seq"),
        type: textIn(row, "type"),
        at: numberIn(row, "at"),
        userId: textIn(row, "user_id"),
        version: versionIn(row),
        payload: JSON.parse(textIn(row, "payload")),
      };
    }
  }

  #put(name: string, value: string): void {
    const statement =
      "INSERT INTO own (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    this.#tables.query(statement, name, value);
  }
}

function placeOf(seq: number): string {
  return VERSION + String(seq).padStart(DIGITS, "0");
}
