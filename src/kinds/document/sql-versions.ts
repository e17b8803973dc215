import type { RoomLog } from "../../room/log/log.ts";
import type { Places } from "../../room/log/places.ts";
import type { Tables } from "../../room/store/tables.ts";
import { first, optionalNumberIn } from "../../storage/database.ts";

/**
 * The versions of a document and the events that led to them, in the log itself: versions rise with
 * `seq`, so that one is found in as many looks as the log's length has digits in base two.
 */
export class SqlVersions implements Places {
  readonly #tables: Tables;
  readonly #log: Pick<RoomLog, "head" | "oldest">;

  constructor(tables: Tables, log: Pick<RoomLog, "head" | "oldest">) {
    this.#tables = tables;
    this.#log = log;
  }

  placeOf(seq: number): number {
    if (seq === 0) return 0;
    if (seq < this.#log.oldest) return this.#from(this.#log.oldest);
    const row = first(this.#tables.query("SELECT target FROM log WHERE seq = ?", seq));
    return row === undefined ? 0 : (optionalNumberIn(row, "target") ?? 0);
  }

  seqAt(place: number): number | undefined {
    let high = this.#log.head;
    // Each event leads at least one further; and most are asked of that come just before the head.
    const behind = this.placeOf(high) - place;
    if (behind < 0) return undefined;
    let low = Math.max(this.#log.oldest - 1, high - behind);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.placeOf(middle) < place) low = middle + 1;
      else high = middle;
    }
    return this.placeOf(low) === place ? low : undefined;
  }

  /** How many changes came before those of an event. */
  #from(seq: number): number {
    const statement = "SELECT json_extract(payload, '$.from') AS begins FROM log WHERE seq = ?";
    const row = first(this.#tables.query(statement, seq));
    return row === undefined ? 0 : (optionalNumberIn(row, "begins") ?? 0);
  }
}
