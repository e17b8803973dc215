import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Message } from "../../../src/protocol/message.ts";
import type { LogEvent } from "../../../src/room/log.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { dataFolder, UNIQUE_KEY } from "../../support/machine/workerd.ts";
import { tokenFor } from "../../support/token.ts";
import { contentOf, messageIdOf } from "../load/message.ts";
import { startHibiki } from "./hibiki.ts";
import { AUTH_SECRET, ROOM } from "./hibiki-dialect.ts";

const CONTENT_BYTES = 100;
const AUTHOR = { userId: "user-0", userName: "User user-0" };
/** Seeded messages are older than any window of the room. */
const AGE_MS = 24 * 3_600_000;

const folders = new Map<number, string>();

/**
 * A data folder whose room has `count` messages. The room itself makes its schema and message 1;
 * the rest is written into its SQLite file while workerd is stopped. Made once a run, and only read.
 */
export async function seededFolder(count: number): Promise<string> {
  const known = folders.get(count);
  if (known !== undefined) return known;
  const folder = temporaryFolder();
  await makeRoom(folder);
  const database = openLog(folder);
  fill(database, count);
  database.close();
  folders.set(count, folder);
  return folder;
}

async function makeRoom(folder: string): Promise<void> {
  const running = await startHibiki({ wire: "json", folder });
  try {
    const response = await fetch(`http://127.0.0.1:${running.port}/v1/rooms/${ROOM}/messages`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${tokenFor(AUTHOR.userId, AUTH_SECRET)}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ content: contentOf(1, CONTENT_BYTES) }),
    });
    if (response.status !== 201) throw new Error(`The room refused: ${await response.text()}`);
  } finally {
    await running.stop();
  }
}

/** workerd keeps one SQLite file an object, and one of its own beside them. */
function openLog(folder: string): DatabaseSync {
  const data = join(dataFolder(folder), UNIQUE_KEY);
  for (const name of readdirSync(data)) {
    if (!name.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(data, name));
    const table = database.prepare("SELECT name FROM sqlite_master WHERE name = 'log'").get();
    if (table !== undefined) return database;
    database.close();
  }
  throw new Error(`No room in ${data}.`);
}

function fill(database: DatabaseSync, count: number): void {
  const insert = database.prepare(
    "INSERT INTO log (seq, type, at, user_id, message_id, payload) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const start = Date.now() - AGE_MS;
  database.exec("BEGIN");
  // Message 1 was sent just now; it must not be younger than those after it.
  database.prepare("UPDATE log SET at = ? WHERE seq = 1").run(start);
  for (let seq = 2; seq <= count; seq++) {
    const { type, at, userId, messageId, payload } = eventAt(seq, start + seq);
    insert.run(seq, type, at, userId, messageId, payload);
  }
  database.exec("COMMIT");
  // All in the main file: workerd opens it as it would after a clean end.
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function eventAt(seq: number, at: number): LogEvent {
  const messageId = messageIdOf(seq);
  const message: Message = {
    seq,
    messageId,
    ...AUTHOR,
    content: contentOf(seq, CONTENT_BYTES),
    timestamp: new Date(at).toISOString(),
  };
  const payload = JSON.stringify(message);
  return { seq, type: "new_message", at, userId: AUTHOR.userId, messageId, payload };
}
