import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fnv1a } from "../../../src/protocol/fnv1a.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import type { Message } from "../../../src/protocol/message.ts";
import { nameOf } from "../../../src/room/dedupe/name.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { dataFolder, UNIQUE_KEY } from "../../support/machine/workerd.ts";
import { tokenFor } from "../../support/token.ts";
import { contentOf, messageIdOf } from "../load/message.ts";
import { startHibiki } from "./hibiki.ts";
import { AUTH_SECRET, ROOM } from "./hibiki-dialect.ts";

const CONTENT_BYTES = 100;
const AUTHOR = { userId: "user-0", userName: "User user-0" };
/** Seeded events are older than any window of the room, unless they are to be recent. */
const AGE_MS = 24 * 3_600_000;
/** Recent ones came in the last minute: within the window, and still so when it is measured. */
const RECENT_MS = 60_000;

/** What is in a room's log. */
export interface Seed {
  readonly messages: number;
  /** Reactions to the newest message, after all messages. */
  readonly reactions?: number;
  /** Whether all of it came lately. */
  readonly isRecent?: boolean;
}

const folders = new Map<string, string>();

/**
 * A data folder whose room has such a log. The room itself makes its schema and message 1; the rest
 * is written into its SQLite file while workerd is stopped. Made once a run, and only read; what is
 * recent is made every time.
 *
 * @param bundle makes the room, for it to find its own schema; the shipped one when absent.
 */
export async function seededFolder(seed: Seed, bundle?: string): Promise<string> {
  const name = JSON.stringify([seed, bundle]);
  const known = folders.get(name);
  if (known !== undefined && seed.isRecent !== true) return known;
  const folder = temporaryFolder();
  await makeRoom(folder, bundle);
  const database = openLog(folder);
  fill(database, seed);
  database.close();
  folders.set(name, folder);
  return folder;
}

async function makeRoom(folder: string, bundle: string | undefined): Promise<void> {
  const running = await startHibiki({ wire: "json", folder, bundle });
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

function fill(database: DatabaseSync, { messages, reactions = 0, isRecent = false }: Seed): void {
  // Release 0.1.0 had no chain of messages.
  const columns = database.prepare("PRAGMA table_info(log)").all();
  const isChained = columns.some(({ name }) => name === "previous");
  const [column, value] = isChained ? [", previous", ", ?"] : ["", ""];
  const insert = database.prepare(
    `INSERT INTO log (seq, type, at, user_id, message_id, target, payload${column}) VALUES (?, ?, ?, ?, ?, ?, ?${value})`,
  );
  const total = messages + reactions;
  const start = isRecent ? Date.now() - RECENT_MS : Date.now() - AGE_MS;
  const stepMs = isRecent ? RECENT_MS / total : 1;
  database.exec("BEGIN");
  // Message 1 was sent just now; it must not be younger than those after it.
  database.prepare("UPDATE log SET at = ? WHERE seq = 1").run(Math.floor(start));
  for (let seq = 2; seq <= total; seq++) {
    const at = Math.floor(start + seq * stepMs);
    const isMessage = seq <= messages;
    insert.run(
      seq,
      isMessage ? "new_message" : "message_reacted",
      at,
      AUTHOR.userId,
      messageIdOf(seq),
      isMessage ? null : messages,
      isMessage ? messageAt(seq, at) : reactionTo(messages, seq),
      ...(isChained ? [Math.min(seq - 1, messages)] : []),
    );
  }
  if (isRecent) archiveKeys(database, total);
  database.exec("COMMIT");
  // All in the main file: workerd opens it as it would after a clean end.
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

/** The hashed keys, as the room itself archives them with every few thousand events. */
function archiveKeys(database: DatabaseSync, total: number): void {
  const insert = database.prepare(
    "INSERT INTO accepted_keys (up_to, after, until, hashes) VALUES (?, ?, ?, ?)",
  );
  const size = BOUNDS.keysPerSegment;
  for (let after = 1; after + size <= total; after += size) {
    const hashes = Array.from({ length: size }, (_, i) =>
      fnv1a(nameOf({ userId: AUTHOR.userId, messageId: messageIdOf(after + i + 1) })),
    );
    const bytes = new Uint8Array(Int32Array.from(hashes).sort().buffer);
    insert.run(after + size, after, Date.now(), bytes);
  }
}

function messageAt(seq: number, at: number): string {
  const message: Message = {
    seq,
    messageId: messageIdOf(seq),
    ...AUTHOR,
    content: contentOf(seq, CONTENT_BYTES),
    timestamp: new Date(at).toISOString(),
  };
  return JSON.stringify(message);
}

/** On and off again, as one user who toggles an emoji does. */
function reactionTo(message: number, seq: number): string {
  const remove = seq % 2 === 0 ? {} : { remove: true };
  return JSON.stringify({ seq: message, emoji: "👍", userId: AUTHOR.userId, ...remove });
}
