import { BOUNDS } from "../protocol/limits.ts";
import { type Database, first, numberIn } from "./database.ts";

/** Numbered steps of a schema, each of some statements, in order; a step that has landed is never changed. */
export type Steps = readonly (readonly string[])[];

/**
 * The schema of a room. A chat message
 * has no index beside the log's primary key: every index row is a billed write (PLATFORM, Money).
 */
export const ROOM_STEPS: Steps = [
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
  [
    `CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      recipient TEXT NOT NULL,
      source INTEGER NOT NULL,
      key TEXT NOT NULL,
      content TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due INTEGER NOT NULL
    )`,
    // Partial: only what another room delivered pays for its row, never a chat message.
    `CREATE UNIQUE INDEX delivered ON log (message_id)
      WHERE type = 'notification' AND target IS NOT NULL`,
    `CREATE TABLE inbox (read_up_to INTEGER NOT NULL)`,
    `CREATE TABLE inbox_reads (seq INTEGER PRIMARY KEY)`,
    `CREATE TABLE last_values (event TEXT PRIMARY KEY, data TEXT NOT NULL, timestamp TEXT NOT NULL) WITHOUT ROWID`,
  ],
  [`CREATE TABLE stats (id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL)`],
  [
    `CREATE TABLE writers (user_id TEXT PRIMARY KEY) WITHOUT ROWID`,
    `INSERT OR IGNORE INTO writers (user_id)
      SELECT user_id FROM (SELECT user_id, type FROM log ORDER BY seq DESC LIMIT ${BOUNDS.writersSearched})
      WHERE type <> 'notification'`,
    // When a notice was stored: what waits from an older release is as young as its last try.
    `ALTER TABLE outbox ADD COLUMN at INTEGER NOT NULL DEFAULT 0`,
    `UPDATE outbox SET at = due`,
    // A row a recipient, so that a failed visit does not write all that waits for them anew.
    `CREATE TABLE resting (
      recipient TEXT PRIMARY KEY,
      tries INTEGER NOT NULL,
      due INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `INSERT INTO resting (recipient, tries, due)
      SELECT recipient, MAX(tries), MAX(due) FROM outbox WHERE tries > 0 GROUP BY recipient`,
    // Not in the outbox, which every delivery reads.
    `CREATE TABLE dead_letters (
      id INTEGER PRIMARY KEY,
      recipient TEXT NOT NULL,
      source INTEGER NOT NULL,
      key TEXT NOT NULL,
      content TEXT NOT NULL,
      at INTEGER NOT NULL
    )`,
  ],
  // Columns alone, without a default: a log of a million rows migrates as fast as an empty one.
  [
    `ALTER TABLE log ADD COLUMN previous INTEGER`,
    `ALTER TABLE log ADD COLUMN ordinal INTEGER`,
    `ALTER TABLE log ADD COLUMN fingerprint INTEGER`,
    // Of a message: how often it was edited, and how many people its sender told of it.
    `ALTER TABLE log ADD COLUMN edits INTEGER`,
    `ALTER TABLE log ADD COLUMN told INTEGER`,
  ],
  [
    // A row for some thousand events: it is not one more write a message.
    `CREATE TABLE accepted_keys (
      up_to INTEGER PRIMARY KEY,
      after INTEGER NOT NULL,
      until INTEGER NOT NULL,
      hashes BLOB NOT NULL
    )`,
  ],
  // What a team's own kind keeps beside the log: a row for its state, and one for each timer.
  [`CREATE TABLE own (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`],
  [
    // What older code stored, or stores when a deployment goes back to it, is for inboxes.
    `ALTER TABLE outbox ADD COLUMN carrier TEXT NOT NULL DEFAULT 'inbox'`,
    `ALTER TABLE dead_letters ADD COLUMN carrier TEXT NOT NULL DEFAULT 'inbox'`,
    `ALTER TABLE resting RENAME TO resting_inboxes`,
    `CREATE TABLE resting (
      carrier TEXT NOT NULL,
      recipient TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due INTEGER NOT NULL,
      PRIMARY KEY (carrier, recipient)
    ) WITHOUT ROWID`,
    `INSERT INTO resting (carrier, recipient, tries, due)
      SELECT 'inbox', recipient, tries, due FROM resting_inboxes`,
    `DROP TABLE resting_inboxes`,
  ],
  [
    // Why a letter was given up, and when: what older code gave up says neither.
    `ALTER TABLE dead_letters ADD COLUMN reason TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE dead_letters ADD COLUMN given_up_at INTEGER NOT NULL DEFAULT 0`,
  ],
];

/** The database was written by newer code than this, which cannot read it and must not write to it. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";

  constructor(step: number, known: number) {
    super(`The database is at step ${step} of the schema; this code knows ${known}.`);
  }
}

/**
 * Brings a database up to the newest step, all or nothing. Costs one read when it is there already.
 *
 * @throws {NewerSchemaError} when it is beyond the newest step.
 */
export function migrate(database: Database, steps: Steps = ROOM_STEPS): void {
  const done = stepOf(database);
  if (done > steps.length) throw new NewerSchemaError(done, steps.length);
  if (done < steps.length) database.transaction(() => migrateFrom(database, done, steps));
}

/** Runs the steps after the first `done`, inside the caller's transaction. */
export function migrateFrom(database: Database, done: number, steps: Steps = ROOM_STEPS): void {
  database.query("CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY)");
  steps.slice(done).forEach((statements, index) => {
    for (const statement of statements) database.query(statement);
    database.query("INSERT INTO migrations (step) VALUES (?)", done + index + 1);
  });
}

/** How many steps a database has taken: 0 when nobody ever wrote to it. */
export function stepOf(database: Database): number {
  const table = first(
    database.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"),
  );
  if (table === undefined) return 0;
  const row = first(database.query("SELECT MAX(step) AS step FROM migrations"));
  return row === undefined ? 0 : numberIn(row, "step");
}
