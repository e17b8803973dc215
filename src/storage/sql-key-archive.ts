import type { ArchivedKeys, KeyArchive } from "../room/log/key-archive.ts";
import { blobIn, type Database, first, numberIn } from "./database.ts";

/** Hashed keys in SQLite, four bytes each. */
export class SqlKeyArchive implements KeyArchive {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  save({ after, upTo, until, hashes }: ArchivedKeys): void {
    this.#database.query(
      "INSERT OR REPLACE INTO accepted_keys (up_to, after, until, hashes) VALUES (?, ?, ?, ?)",
      upTo,
      after,
      until,
      new Int32Array(hashes).buffer,
    );
  }

  newest(upTo: number): ArchivedKeys | undefined {
    const statement =
      "SELECT up_to, after, until, hashes FROM accepted_keys WHERE up_to <= ? ORDER BY up_to DESC LIMIT 1";
    const row = first(this.#database.query(statement, upTo));
    if (row === undefined) return undefined;
    return {
      after: numberIn(row, "after"),
      upTo: numberIn(row, "up_to"),
      until: numberIn(row, "until"),
      hashes: new Int32Array(blobIn(row, "hashes")),
    };
  }

  trim(oldest: number): void {
    this.#database.query("DELETE FROM accepted_keys WHERE up_to < ?", oldest);
  }
}
