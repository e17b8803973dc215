import type { Steps } from "../storage/migrations.ts";

/** The schema of a hub. Every row of an index would be a billed write: there is none. */
export const HUB_STEPS: Steps = [
  [
    `CREATE TABLE sessions (
      key TEXT PRIMARY KEY,
      connection TEXT NOT NULL,
      ended_at INTEGER,
      session TEXT NOT NULL
    ) WITHOUT ROWID`,
    `CREATE TABLE packets (
      first INTEGER PRIMARY KEY,
      last INTEGER NOT NULL,
      at INTEGER NOT NULL,
      body TEXT NOT NULL
    )`,
    `CREATE TABLE packet_log (id TEXT NOT NULL)`,
  ],
];
