import type { BanList } from "../room/store/bans.ts";
import { type Database, first, numberIn, optionalNumberIn } from "./database.ts";

/** Bans in SQLite: one row a person. */
export class SqlBans implements BanList {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  bannedUntil(userId: string): number | undefined {
    const row = first(this.#database.query("SELECT until FROM bans WHERE user_id = ?", userId));
    return row === undefined ? undefined : numberIn(row, "until");
  }

  ban(userId: string, until: number): void {
    this.#database.query(
      "INSERT INTO bans (user_id, until) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET until = excluded.until",
      userId,
      until,
    );
  }

  unban(userId: string): void {
    this.#database.query("DELETE FROM bans WHERE user_id = ?", userId);
  }

  lastUntil(): number | undefined {
    const row = first(this.#database.query("SELECT MAX(until) AS until FROM bans"));
    return row === undefined ? undefined : optionalNumberIn(row, "until");
  }

  expire(now: number): void {
    this.#database.query("DELETE FROM bans WHERE until <= ?", now);
  }
}
