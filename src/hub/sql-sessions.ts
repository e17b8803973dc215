import { type Database, first, textIn } from "../storage/database.ts";
import { type StoredSession, sessionIn } from "./stored-session.ts";

/** The sessions of a hub in its database: a row a session, without an index. */
export class SqlSessions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Those whose sockets were connected when they were last heard of. */
  connected(): StoredSession[] {
    const rows = this.#database.query(
      "SELECT key, connection, session FROM sessions WHERE ended_at IS NULL",
    );
    return [...rows].map((row) =>
      sessionIn(textIn(row, "key"), textIn(row, "connection"), textIn(row, "session")),
    );
  }

  /**
   * The session that has this key.
   *
   * @param endedAfter milliseconds since the epoch; one that ended before is not found.
   */
  find(key: string, endedAfter: number): StoredSession | undefined {
    const row = first(
      this.#database.query(
        `SELECT connection, session FROM sessions
          WHERE key = ? AND (ended_at IS NULL OR ended_at >= ?)`,
        key,
        endedAfter,
      ),
    );
    return row && sessionIn(key, textIn(row, "connection"), textIn(row, "session"));
  }

  /** @param endedAt milliseconds since the epoch; of one that is connected, `null`. */
  save(key: string, connection: string, text: string, endedAt: number | null): void {
    this.#database.query(
      `INSERT INTO sessions (key, connection, ended_at, session) VALUES (?, ?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET
          connection = excluded.connection, ended_at = excluded.ended_at, session = excluded.session`,
      key,
      connection,
      endedAt,
      text,
    );
  }

  delete(key: string): void {
    this.#database.query("DELETE FROM sessions WHERE key = ?", key);
  }

  /** Forgets those that ended before this time. */
  trim(before: number): void {
    this.#database.query("DELETE FROM sessions WHERE ended_at < ?", before);
  }
}
