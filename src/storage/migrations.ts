import { type Database, first, numberIn } from "./database.ts";

/**
 * Numbered steps of the schema, in order; a step that has landed is never changed. The log has no
 * index beside its primary key: every index row is a billed write (PLATFORM, Money).
 */
const STEPS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE log (
      seq INTEGER PRIMARY KEY,
      type TEXT NOT NULL,
      at INTEGER NOT NULL,
      user_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      target INTEGER,
      last_edit INTEGER,
      payload TEXT NOT NULL
    )`,
    `CREATE TABLE receipts (user_id TEXT PRIMARY KEY, up_to INTEGER NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE bans (user_id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID`,
  ],
];

/** Brings a database up to the newest step, all or nothing. Costs one read when it is there already. */
export function migrate(database: Database): void {
  const done = version(database);
  if (done >= STEPS.length) return;
  database.transaction(() => {
    database.query("CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY)");
    STEPS.slice(done).forEach((statements, index) => {
      for (const statement of statements) database.query(statement);
      database.query("INSERT INTO migrations (step) VALUES (?)", done + index + 1);
    });
  });
}

function version(database: Database): number {
  const table = first(
    database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"),
  );
  if (table === undefined) return 0;
  const row = first(database.query("SELECT MAX(step) AS step FROM migrations"));
  return row === undefined ? 0 : numberIn(row, "step");
}
