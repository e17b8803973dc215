import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { CHAT } from "../../src/kinds/chat/kind.ts";
import type { SqlRow, SqlValue } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { SqlRoomLog } from "../../src/storage/sql-room-log.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

/** The SQLite of an object, which counts what the platform bills: rows read and rows written. */
class BilledDatabase {
  readonly #sql: SqlStorage;
  readonly #cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  query(statement: string, ...bindings: readonly SqlValue[]): Iterable<SqlRow> {
    const cursor = this.#sql.exec<Record<string, SqlValue>>(statement, ...bindings);
    this.#cursors.push(cursor);
    return cursor;
  }

  transaction(work: () => void): void {
    work();
  }

  bill(work: () => void): { readonly read: number; readonly written: number } {
    this.#cursors.length = 0;
    work();
    const sum = (of: "rowsRead" | "rowsWritten") =>
      this.#cursors.reduce((rows, cursor) => rows + cursor[of], 0);
    return { read: sum("rowsRead"), written: sum("rowsWritten") };
  }
}

/** Runs something with the log of an object of its own. */
function withLog<T>(work: (log: SqlRoomLog, database: BilledDatabase) => T): Promise<T> {
  return runInDurableObject(env.ROOM.getByName(room()), (_, { storage }) => {
    const database = new BilledDatabase(storage.sql);
    migrate(database);
    return work(new SqlRoomLog(database, "epoch", CHAT.extension.log), database);
  });
}

function append(log: SqlRoomLog, type: "new_message" | "message_reacted"): void {
  const seq = log.head + 1;
  const payload = JSON.stringify({ seq });
  log.append({
    seq,
    type,
    at: seq,
    userId: "ada",
    messageId: `m${seq}`,
    payload,
    fingerprint: -seq,
  });
}

describe("what the platform bills for a log", () => {
  it("is exactly one row written a chat message", async () => {
    const written = await withLog((log, database) => {
      append(log, "new_message");
      return [1, 2, 3].map(() => database.bill(() => append(log, "new_message")).written);
    });
    expect(written).toEqual([1, 1, 1]);
  });

  it.each<[string, (log: SqlRoomLog) => unknown]>([
    ["a join", (log) => log.newestMessages(50)],
    ["the newest page", (log) => log.page({ limit: 50 })],
    ["a page further back", (log) => log.page({ before: 2_001, limit: 50 })],
    ["where the newest messages begin", (log) => log.firstOfNewest(30)],
  ])(
    "for %s is the same beside 20,000 reactions as without them, but for a search in steps",
    async (_, read) => {
      const rows = (reactions: number) =>
        withLog((log, database) => {
          for (let i = 0; i < 2_000; i++) append(log, "new_message");
          for (let i = 0; i < reactions; i++) append(log, "message_reacted");
          // Known from the first look on, as in a room that is awake.
          log.newestMessages(1);
          return database.bill(() => read(log)).read;
        });
      const steps = Math.ceil(Math.log2(20_000)) + 1;
      expect(await rows(20_000)).toBeLessThanOrEqual((await rows(0)) + steps);
    },
  );

  it("for pages forwards does not grow with what lies between the messages", async () => {
    const read = await withLog((log, database) => {
      for (let i = 0; i < 3; i++) {
        append(log, "new_message");
        for (let r = 0; r < 10_000; r++) append(log, "message_reacted");
      }
      return database.bill(() => expect(log.page({ after: 1, limit: 50 }).entries).toHaveLength(2))
        .read;
    });
    expect(read).toBeLessThan(3_000);
  });
});

describe("one key, one request, over HTTP and sockets", () => {
  it("answers a POST again, and refuses a PATCH and a DELETE under its key with 409", async () => {
    const path = `/v1/rooms/${room()}/messages`;
    const auth = await tokenFor("ada");
    const headers = { "Idempotency-Key": "k" };
    const say = () => call("POST", path, { auth, headers, body: { content: "hi" } });
    expect(await (await say()).json()).toEqual({ savedId: 1 });
    expect(await (await say()).json()).toEqual({ savedId: 1, duplicate: true });
    const others = [
      await call("PATCH", `${path}/1`, { auth, headers, body: { content: "hi" } }),
      await call("DELETE", `${path}/1`, { auth, headers }),
      await call("POST", `${path}/1/reactions`, { auth, headers, body: { emoji: "👍" } }),
    ];
    for (const response of others) {
      expect(response.status).toBe(409);
      const { error } = await response.json<{ error: { message: string } }>();
      expect(error).toMatchObject({ code: "conflict", retryable: false });
      expect(error.message).toContain("key");
    }
    const page = await (await call("GET", path, { auth })).json();
    expect(page).toMatchObject({ messages: [{ seq: 1, content: "hi" }], seq: 1 });
  });

  it("is the same request by frame and by HTTP, whatever the order of its keys (P7.1)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const payload = { content: "hi", mentions: ["ben"], data: { a: 1, b: [2] } };
    ada.send({ type: "send_message", messageId: "m", payload });
    await ada.settle();
    const response = await call("POST", `/v1/rooms/${name}/messages?sentAt=0`, {
      auth: await tokenFor("ada"),
      headers: { "Idempotency-Key": "m" },
      body: { data: { b: [2], a: 1 }, mentions: ["ben"], content: "hi" },
    });
    expect([response.status, await response.json()]).toEqual([
      200,
      { savedId: 1, duplicate: true },
    ]);
  });

  it("refuses a sentAt that is no seq", async () => {
    const path = `/v1/rooms/${room()}/messages`;
    for (const sentAt of ["-1", "x", "1.5", ""]) {
      const response = await call("POST", `${path}?as=ada&sentAt=${sentAt}`, {
        body: { content: "hi" },
      });
      expect(response.status).toBe(400);
    }
  });
});
