import type { Steps } from "./migrations.ts";

/**
 * The schema of a document. What was changed since the snapshot is the tail; its rows are written over
 * once they are folded, for a DELETEd row is billed like a written one (PLATFORM, Money).
 */
export const DOCUMENT_STEPS: Steps = [
  [
    `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
    // More than a row holds is cut: it goes on in the next.
    `CREATE TABLE tail (
      slot INTEGER PRIMARY KEY,
      seq INTEGER NOT NULL,
      goes_on INTEGER NOT NULL,
      data BLOB NOT NULL
    )`,
    `CREATE TABLE snapshot (part INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
    // Of the snapshot: the last seq that is in it, its size, and what is known of what is in it.
    `CREATE TABLE folded (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      up_to INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      holdings BLOB NOT NULL
    )`,
    // Parts of updates that break a document: for people to look at.
    `CREATE TABLE set_aside (id INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
  ],
  [
    `CREATE TABLE versions (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      author TEXT NOT NULL,
      label TEXT,
      automatic INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    )`,
    // Of a version's id the first ids behind a thousand times as much.
    `CREATE TABLE version_parts (id INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
  ],
  // What is told outside, as rooms keep it (ROOM_STEPS).
  [
    `CREATE TABLE outbox (
      id INTEGER PRIMARY KEY,
      carrier TEXT NOT NULL,
      recipient TEXT NOT NULL,
      source INTEGER NOT NULL,
      key TEXT NOT NULL,
      content TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due INTEGER NOT NULL,
      at INTEGER NOT NULL
    )`,
    `CREATE TABLE resting (
      carrier TEXT NOT NULL,
      recipient TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due INTEGER NOT NULL,
      PRIMARY KEY (carrier, recipient)
    ) WITHOUT ROWID`,
    `CREATE TABLE dead_letters (
      id INTEGER PRIMARY KEY,
      carrier TEXT NOT NULL,
      recipient TEXT NOT NULL,
      source INTEGER NOT NULL,
      key TEXT NOT NULL,
      content TEXT NOT NULL,
      at INTEGER NOT NULL,
      reason TEXT NOT NULL,
      given_up_at INTEGER NOT NULL
    )`,
  ],
  [`CREATE TABLE stats (id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL)`],
];
