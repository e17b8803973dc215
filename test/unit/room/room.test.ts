import { beforeEach, describe, expect, it } from "vitest";
import { frameParser } from "../../../src/protocol/client-frame-schema.ts";
import { readSettings } from "../../../src/protocol/settings.ts";
import type { Session } from "../../../src/room/connection.ts";
import { Door } from "../../../src/room/door.ts";
import type { RoomLog } from "../../../src/room/log.ts";
import { Room } from "../../../src/room/room.ts";
import { SqlRoomStore } from "../../../src/storage/sql-room-store.ts";
import { NodeDatabase } from "../../support/node-database.ts";
import { RecordedSockets } from "../../support/recorded-sockets.ts";

const T0 = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

let database: NodeDatabase;
let sockets: RecordedSockets;
let store: SqlRoomStore;
let log: RoomLog;
let room: Room;
let door: Door;
let vars: Record<string, string>;

beforeEach(() => {
  database = new NodeDatabase();
  sockets = new RecordedSockets();
  vars = { AUTH_SECRET: "s" };
  begin();
});

/** The room from its storage, as after a start or a crash. */
function begin(now = T0): void {
  const read = readSettings(vars);
  if (!read.ok) throw new Error(read.problem);
  const { limits } = read.settings;
  store = new SqlRoomStore(database, () => "epoch-1", "general");
  log = store.log;
  room = new Room({ name: "general", kind: "chat" }, { store, sockets, limits }, now);
  door = new Door(room, limits, frameParser("chat", limits.contentChars));
}

function join(id: string, session: Partial<Session> = {}, now = T0): void {
  joinWithoutFlush(id, session, now);
  room.flush(now);
}

function joinWithoutFlush(id: string, session: Partial<Session> = {}, now = T0): void {
  room.join(
    {
      id,
      session: {
        userId: id,
        name: id.toUpperCase(),
        permissions: ["read", "write", "publish"],
        expiresAt: T0 + 60 * MINUTE,
        wire: "json",
        transport: "websocket",
        address: id,
        connectedAt: now,
        ...session,
      },
      history: 50,
    },
    now,
  );
}

function hear(id: string, frame: object | string, now = T0): void {
  const connection = room.connection(id);
  if (connection === undefined) throw new Error(`${id} is not connected`);
  door.receive(connection, typeof frame === "string" ? frame : JSON.stringify(frame), now);
}

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

function rows(): string {
  return JSON.stringify([...database.query("SELECT * FROM log")]);
}

describe("the promises", () => {
  it("acks and shows a message only with the flush that stored it (1, 5)", () => {
    join("ada");
    hear("ada", message("hi"));
    expect(sockets.payloads("ada", "new_message")).toEqual([]);
    expect(sockets.payloads("ada", "ack")).toEqual([]);
    room.flush(T0);
    expect(sockets.payloads("ada", "ack")).toEqual([{ success: true, savedId: 1 }]);
    expect(rows()).toContain('\\"content\\":\\"hi\\"');
  });

  it("stores a repeated messageId once, in one flush and in the next (2)", () => {
    join("ada");
    hear("ada", message("hi", "m"));
    hear("ada", message("hi", "m"));
    room.flush(T0);
    hear("ada", message("hi", "m"), T0 + 4 * MINUTE);
    room.flush(T0 + 4 * MINUTE);
    const duplicate = { success: true, savedId: 1, duplicate: true };
    expect(sockets.payloads("ada", "ack")).toEqual([
      { success: true, savedId: 1 },
      duplicate,
      duplicate,
    ]);
    expect(log.head).toBe(1);
  });

  it("remembers a messageId over a crash, for five minutes (2)", () => {
    join("ada");
    hear("ada", message("hi", "m"));
    room.flush(T0);
    begin(T0 + MINUTE);
    join("ada", {}, T0 + MINUTE);
    hear("ada", message("hi", "m"), T0 + MINUTE);
    room.flush(T0 + MINUTE);
    expect(sockets.payloads("ada", "ack").at(-1)).toEqual({
      success: true,
      savedId: 1,
      duplicate: true,
    });
    hear("ada", message("hi", "m"), T0 + 6 * MINUTE);
    room.flush(T0 + 6 * MINUTE);
    expect(sockets.payloads("ada", "ack").at(-1)).toEqual({ success: true, savedId: 2 });
  });

  it("does not take one user's messageId for another's (2)", () => {
    join("ada");
    join("ben");
    hear("ada", message("hi", "m"));
    hear("ben", message("hi", "m"));
    room.flush(T0);
    expect(sockets.payloads("ben", "ack")).toEqual([{ success: true, savedId: 2 }]);
  });

  it("shows every connection every event once, in seq order (3)", () => {
    join("ada");
    join("ben");
    for (let i = 0; i < 20; i++) hear(i % 2 ? "ada" : "ben", message(`m${i}`));
    join("eve");
    room.flush(T0);
    const seqs = (id: string) => sockets.of(id).flatMap(({ seq }) => seq ?? []);
    expect(seqs("ada")).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(seqs("ben")).toEqual(seqs("ada"));
    const eve = sockets.payloads("eve", "joined_room")[0];
    expect(seqs("eve")).toEqual(seqs("ada").filter((seq) => seq > Number(eve?.["seq"])));
  });

  it("changes nothing by a frame that is refused, and says why (4)", () => {
    join("ada", { permissions: ["read"] });
    hear("ada", message("hi"));
    room.flush(T0);
    expect(log.head).toBe(0);
    expect(sockets.payloads("ada", "ack")[0]).toMatchObject({
      success: false,
      error: { code: "access_denied" },
    });
  });
});

describe("a transaction that fails", () => {
  it("nacks every sender in it, shows nobody anything, and leaves the next one whole", () => {
    join("ada");
    join("ben");
    database.failing = true;
    hear("ada", message("lost"));
    hear("ben", { type: "typing_start" });
    hear("ben", message("lost too"));
    expect(room.flush(T0).failure).toBeInstanceOf(Error);
    const nack = { success: false, error: { code: "internal", retryable: true } };
    expect(sockets.payloads("ada", "ack")).toMatchObject([nack]);
    expect(sockets.payloads("ben", "ack")).toMatchObject([nack]);
    expect(sockets.payloads("ada", "new_message")).toEqual([]);
    expect(sockets.payloads("ada", "user_typing")).toMatchObject([{ userId: "ben", typing: true }]);
    database.failing = false;
    hear("ada", message("lost"));
    room.flush(T0);
    expect(sockets.payloads("ada", "ack").at(-1)).toEqual({ success: true, savedId: 1 });
    expect(sockets.payloads("ben", "new_message")).toMatchObject([{ seq: 1, content: "lost" }]);
  });
});

describe("changing a message", () => {
  it("erases the content of a deleted message and of all its edits", () => {
    join("ada");
    hear("ada", message("secret-1"));
    room.flush(T0);
    for (const content of ["secret-2", "secret-3"]) {
      hear("ada", { type: "edit_message", messageId: content, payload: { seq: 1, content } });
    }
    hear("ada", { type: "delete_message", messageId: "d", payload: { seq: 1 } });
    hear("ada", { type: "edit_message", messageId: "e", payload: { seq: 1, content: "secret-4" } });
    room.flush(T0);
    expect(rows()).not.toContain('content\\":\\"secret');
    expect(sockets.payloads("ada", "ack").at(-1)).toMatchObject({ error: { code: "not_found" } });
    expect(log.page({ limit: 10 }).entries).toEqual(['{"seq":1,"deleted":true}']);
  });

  it("keeps reactions by person, and takes them back", () => {
    join("ada");
    join("ben");
    hear("ada", message("hi"));
    for (const [id, remove] of [
      ["ada", false],
      ["ben", false],
      ["ben", false],
      ["ada", true],
    ] as const) {
      hear(id, {
        type: "react",
        messageId: `${id}${remove}${Math.random()}`,
        payload: { seq: 1, emoji: "👍", remove },
      });
    }
    room.flush(T0);
    expect(JSON.parse(log.newestMessages(1)[0] ?? "")).toMatchObject({
      reactions: { "👍": ["ben"] },
    });
  });

  it("refuses a reply to what is no message", () => {
    join("ada");
    hear("ada", { type: "send_message", messageId: "m", payload: { content: "re", replyTo: 7 } });
    room.flush(T0);
    expect(sockets.payloads("ada", "ack")[0]).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("receipts", () => {
  it("write nothing by themselves, and come along with the next message", () => {
    join("ada");
    hear("ada", message("one"));
    room.flush(T0);
    hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    room.flush(T0);
    expect(store.receipts.load(10).size).toBe(0);
    expect(sockets.saved.get("ada")?.readUpTo).toBe(1);
    hear("ada", message("two"));
    room.flush(T0);
    expect(store.receipts.load(10).get("ada")).toBe(1);
  });

  it.each(["leave", "sweep"])("are written by a %s", (how) => {
    join("ada");
    hear("ada", message("one"));
    room.flush(T0);
    hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    room.flush(T0);
    if (how === "leave") room.leave("ada", T0);
    else room.sweep(T0 + 1);
    room.flush(T0 + 1);
    expect(store.receipts.load(10).get("ada")).toBe(1);
  });
});

describe("a receipt in a flush", () => {
  beforeEach(() => {
    join("ada");
    hear("ada", message("one"));
    room.flush(T0);
    hear("ada", { type: "read_messages", payload: { upTo: 1 } });
  });

  it("is stored when its reader is gone before", () => {
    room.leave("ada", T0);
    room.flush(T0);
    expect(store.receipts.load(10).get("ada")).toBe(1);
  });

  it("also reaches who joins before", () => {
    joinWithoutFlush("ben");
    expect(sockets.payloads("ben", "joined_room")[0]?.["reads"]).toEqual({});
    room.flush(T0);
    expect(sockets.payloads("ben", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });

  it("does not keep connections from being closed when storage fails", () => {
    join("ben");
    room.kick("ada", 0, T0);
    room.kick("ben", 0, T0);
    database.failing = true;
    room.flush(T0);
    room.flush(T0);
    expect([...sockets.closes.keys()]).toEqual(["ada", "ben"]);
    expect(room.users).toEqual([]);
    database.failing = false;
    room.sweep(T0 + 1);
    room.flush(T0 + 1);
    expect(store.receipts.load(10).get("ada")).toBe(1);
  });

  it("needs the grant to read", () => {
    const outcomes: unknown[] = [];
    const stranger = { userId: "eve", name: "Eve", permissions: [] };
    const frame = { type: "read_messages", payload: { upTo: 1 } } as const;
    const answer = (outcome: unknown) => outcomes.push(outcome);
    room.submit({ frame, actor: stranger, at: T0, bytes: 1, answer });
    room.flush(T0);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "access_denied" } }]);
    expect(sockets.payloads("ada", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });
});

describe("a room that is handed more than it can hold", () => {
  it("says so at once, and goes on with what it has", () => {
    join("ada");
    const big = { type: "publish", payload: { event: "e", data: "x".repeat(16_000) } };
    for (let i = 0; i < 40; i++) {
      hear("ada", big, T0 + i * 1_000);
      room.submit({
        frame: { type: "publish", payload: { event: "e", data: 1 } },
        actor: { userId: "ada", name: "A", permissions: ["publish"], connectionId: "ada" },
        at: T0,
        bytes: 512 * 1024,
      });
    }
    expect(sockets.payloads("ada", "error")[0]).toMatchObject({ code: "rate_limited" });
    room.flush(T0);
    hear("ada", message("after"), T0 + 60_000);
    room.flush(T0 + 60_000);
    expect(sockets.payloads("ada", "ack")).toEqual([{ success: true, savedId: 1 }]);
  });
});

describe("who is let in, and how long", () => {
  it("counts connections by address", () => {
    for (let i = 0; i < 10; i++) join(`u${i}`, { address: "one" });
    const session = {
      userId: "x",
      name: "X",
      permissions: ["read"],
      expiresAt: T0 + 1,
      wire: "json",
      transport: "websocket",
      connectedAt: T0,
    } as const;
    const asked = (address: string) =>
      room.refuses({ ...session, permissions: ["read"], address }, T0)?.code;
    expect(asked("one")).toBe("too_many_connections");
    expect(asked("two")).toBeUndefined();
  });

  it("shows no poll among the people: it comes and goes", () => {
    join("ada");
    join("ben", { transport: "poll" });
    expect(room.users).toEqual([{ userId: "ada", name: "ADA" }]);
    room.leave("ben", T0);
    room.flush(T0);
    expect(sockets.of("ada").map(({ type }) => type)).toEqual(["joined_room"]);
  });

  it("ends an expired connection with 4401 and a silent one with 4408, but not a plain one", () => {
    join("expired", { expiresAt: T0 + 1_000 });
    join("silent");
    join("plain", { wire: "plain" });
    join("pinging");
    expect(room.wakeAt).toBe(T0 + 1_000);
    sockets.pings.set("pinging", T0 + 30_000);
    room.sweep(T0 + 40_001);
    room.flush(T0 + 40_001);
    expect([...sockets.closes]).toEqual([
      ["silent", 4408],
      ["expired", 4401],
    ]);
  });

  it("asks for no wake once nobody is there", () => {
    join("ada");
    room.leave("ada", T0);
    room.sweep(T0 + MINUTE);
    expect(room.wakeAt).toBeUndefined();
  });

  it("refuses a frame after the token's end", () => {
    join("ada", { expiresAt: T0 + 1_000 });
    hear("ada", message("late"), T0 + 1_000);
    room.flush(T0 + 1_000);
    expect(sockets.closes.get("ada")).toBe(4401);
    expect(log.head).toBe(0);
  });
});

describe("retention", () => {
  it("drops the oldest messages beyond the count once no messageId needs them, and old cursors start anew", () => {
    vars["HISTORY_MAX_MESSAGES"] = "3";
    begin();
    join("ada");
    for (let i = 1; i <= 10; i++) hear("ada", message(`m${i}`));
    room.flush(T0);
    room.sweep(T0);
    expect(log.oldest).toBe(1);
    begin();
    join("ada");
    hear("ada", message("m1"));
    room.flush(T0);
    expect(sockets.payloads("ada", "ack").at(-1)).toMatchObject({ savedId: 1, duplicate: true });
    room.sweep(T0);
    expect(room.wakeAt).toBeLessThanOrEqual(T0 + 6 * MINUTE);
    room.sweep(T0 + 6 * MINUTE);
    expect(log.oldest).toBe(8);
    expect(log.page({ limit: 10 }).entries).toHaveLength(3);
    join("ben");
    room.join(
      {
        id: "late",
        session: {
          userId: "late",
          name: "L",
          permissions: ["read"],
          expiresAt: T0 + 1,
          wire: "json",
          transport: "websocket",
          address: "l",
          connectedAt: T0,
        },
        cursor: { seq: 2, epoch: "epoch-1" },
        history: 50,
      },
      T0,
    );
    expect(sockets.payloads("late", "joined_room")[0]).toMatchObject({ recovered: false });
  });

  it("drops by age, wakes for the next, and keeps counting from the head", () => {
    vars["HISTORY_MAX_DAYS"] = "1";
    begin();
    join("ada", { expiresAt: T0 + 10 * 86_400_000, wire: "plain" });
    hear("ada", message("old"));
    room.flush(T0);
    hear("ada", message("newer"), T0 + MINUTE);
    room.flush(T0 + MINUTE);
    room.sweep(T0 + 86_400_000 + 1);
    expect(log.oldest).toBe(2);
    room.sweep(T0 + 3 * 86_400_000);
    begin(T0 + 3 * 86_400_000);
    expect(log.head).toBe(2);
  });
});
