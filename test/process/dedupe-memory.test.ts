import { afterAll, beforeAll, expect, it } from "vitest";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { openRoomFile } from "./support/room-file.ts";

const ROOM = "remembering";
const EVENTS = fromEnv("DEDUPE_EVENTS", 300_000);
/** They came in the last minute, so that every one is within the five in which a repeat is known. */
const WITHIN_MS = 60_000;
/** As long as a key may be: what is kept of each must not depend on it. */
const KEY_CHARS = 128;
const WARM_UP = 300;
const SENDS = 30;
/** Of the 128 MB that the object has; with release 0.1.0 the keys alone took 122 to 274. */
const ALLOWED_MB = 64;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({}, { limits: "default" });
});
afterAll(() => server.stop());

it(`remembers ${EVENTS} requests of the last minutes in bounded memory, after a wake too`, async () => {
  const room = new Backend(server.url, ROOM);
  await room.send("ada", "first", "hello");
  await server.kill();
  fill();
  await server.up();
  const warm = new Backend(server.url, "warm");
  for (let i = 0; i < WARM_UP; i++) await warm.send("ben", `warm-${i}`, "hello");

  const before = server.usage().rssBytes;
  for (let i = 0; i < SENDS; i++) {
    expect((await room.send("ben", `fresh-${i}`, "hello")).status).toBe(201);
  }
  const grownMb = Math.round((server.usage().rssBytes - before) / 1e6);
  const seqs = [2, Math.floor(EVENTS / 2), EVENTS];
  const repeats = await Promise.all(seqs.map((seq) => room.send("ada", keyOf(seq), "hello")));
  console.log(JSON.stringify({ test: "dedupe-memory", events: EVENTS, grownMb, ALLOWED_MB }));
  expect(repeats).toEqual(seqs.map((savedId) => ({ status: 200, savedId, duplicate: true })));
  expect(grownMb).toBeLessThan(ALLOWED_MB);
});

/** Puts events behind the first one, as the room would have stored them. */
function fill(): void {
  const database = openRoomFile(server.data, ROOM);
  const [first] = database.prepare("SELECT payload FROM log WHERE seq = 1").all();
  const payload = JSON.parse(String(first?.["payload"])) as object;
  const insert = database.prepare(
    "INSERT INTO log (seq, type, at, user_id, message_id, payload, previous, ordinal) VALUES (?, 'new_message', ?, 'ada', ?, ?, ?, ?)",
  );
  const start = Date.now() - WITHIN_MS;
  database.exec("BEGIN");
  database.prepare("UPDATE log SET at = ? WHERE seq = 1").run(start);
  for (let seq = 2; seq <= EVENTS; seq++) {
    const at = start + Math.floor((seq * WITHIN_MS) / EVENTS);
    const messageId = keyOf(seq);
    const stored = JSON.stringify({ ...payload, seq, messageId });
    insert.run(seq, at, messageId, stored, seq - 1, seq);
  }
  database.exec("COMMIT");
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function keyOf(seq: number): string {
  return `key-${seq}-`.padEnd(KEY_CHARS, "x");
}
