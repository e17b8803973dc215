import { beforeEach, describe, expect, it } from "vitest";
import { RoomScene, T0 } from "./support/scene.ts";

const MINUTE = 60_000;

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
});

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

function rows(): string {
  return JSON.stringify([...scene.database.query("SELECT * FROM log")]);
}

describe("the promises", () => {
  it("acks and shows a message only with the flush that stored it (P5.1, P5.7)", () => {
    scene.join("ada");
    scene.hear("ada", message("hi"));
    expect(scene.sockets.payloads("ada", "new_message")).toEqual([]);
    expect(scene.sockets.payloads("ada", "ack")).toEqual([]);
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ada", "ack")).toEqual([{ success: true, savedId: 1 }]);
    expect(rows()).toContain('\\"content\\":\\"hi\\"');
  });

  it("stores a repeated messageId once, in one flush and in the next (P5.2)", () => {
    scene.join("ada");
    scene.hear("ada", message("hi", "m"));
    scene.hear("ada", message("hi", "m"));
    scene.room.flush(T0);
    scene.hear("ada", message("hi", "m"), T0 + 4 * MINUTE);
    scene.room.flush(T0 + 4 * MINUTE);
    const duplicate = { success: true, savedId: 1, duplicate: true };
    expect(scene.sockets.payloads("ada", "ack")).toEqual([
      { success: true, savedId: 1 },
      duplicate,
      duplicate,
    ]);
    expect(scene.store.log.head).toBe(1);
  });

  it("remembers a messageId over a crash, for five minutes (P5.2)", () => {
    scene.join("ada");
    scene.hear("ada", message("hi", "m"));
    scene.room.flush(T0);
    scene.restart();
    scene.join("ada", {}, undefined, T0 + MINUTE);
    scene.hear("ada", message("hi", "m"), T0 + MINUTE);
    scene.room.flush(T0 + MINUTE);
    expect(scene.sockets.payloads("ada", "ack").at(-1)).toEqual({
      success: true,
      savedId: 1,
      duplicate: true,
    });
    scene.hear("ada", message("hi", "m"), T0 + 6 * MINUTE);
    scene.room.flush(T0 + 6 * MINUTE);
    expect(scene.sockets.payloads("ada", "ack").at(-1)).toEqual({ success: true, savedId: 2 });
  });

  it("does not take one user's messageId for another's (P5.2)", () => {
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", message("hi", "m"));
    scene.hear("ben", message("hi", "m"));
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ben", "ack")).toEqual([{ success: true, savedId: 2 }]);
  });

  it("shows every connection every event once, in seq order (P5.5)", () => {
    scene.join("ada");
    scene.join("ben");
    for (let i = 0; i < 20; i++) scene.hear(i % 2 ? "ada" : "ben", message(`m${i}`));
    scene.join("eve");
    scene.room.flush(T0);
    const seqs = (id: string) => scene.sockets.of(id).flatMap(({ seq }) => seq ?? []);
    expect(seqs("ada")).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(seqs("ben")).toEqual(seqs("ada"));
    const eve = scene.sockets.payloads("eve", "joined_room")[0];
    expect(seqs("eve")).toEqual(seqs("ada").filter((seq) => seq > Number(eve?.["seq"])));
  });

  it("changes nothing by a frame that is refused, and says why (P5.6)", () => {
    scene.join("ada", { permissions: ["read"] });
    scene.hear("ada", message("hi"));
    scene.room.flush(T0);
    expect(scene.store.log.head).toBe(0);
    expect(scene.sockets.payloads("ada", "ack")[0]).toMatchObject({
      success: false,
      error: { code: "access_denied" },
    });
  });
});

describe("a transaction that fails", () => {
  it("nacks every sender in it, shows nobody anything, and leaves the next one whole", () => {
    scene.join("ada");
    scene.join("ben");
    scene.database.failing = true;
    scene.hear("ada", message("lost"));
    scene.hear("ben", { type: "typing_start" });
    scene.hear("ben", message("lost too"));
    expect(scene.room.flush(T0).failure).toBeInstanceOf(Error);
    const nack = { success: false, error: { code: "internal", retryable: true } };
    expect(scene.sockets.payloads("ada", "ack")).toMatchObject([nack]);
    expect(scene.sockets.payloads("ben", "ack")).toMatchObject([nack]);
    expect(scene.sockets.payloads("ada", "new_message")).toEqual([]);
    expect(scene.sockets.payloads("ada", "user_typing")).toMatchObject([
      { userId: "ben", typing: true },
    ]);
    scene.database.failing = false;
    scene.hear("ada", message("lost"));
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ada", "ack").at(-1)).toEqual({ success: true, savedId: 1 });
    expect(scene.sockets.payloads("ben", "new_message")).toMatchObject([
      { seq: 1, content: "lost" },
    ]);
  });
});

describe("changing a message", () => {
  it("erases the content of a deleted message and of all its edits", () => {
    scene.join("ada");
    scene.hear("ada", message("secret-1"));
    scene.room.flush(T0);
    for (const content of ["secret-2", "secret-3"]) {
      scene.hear("ada", { type: "edit_message", messageId: content, payload: { seq: 1, content } });
    }
    scene.hear("ada", { type: "delete_message", messageId: "d", payload: { seq: 1 } });
    scene.hear("ada", {
      type: "edit_message",
      messageId: "e",
      payload: { seq: 1, content: "secret-4" },
    });
    scene.room.flush(T0);
    expect(rows()).not.toContain('content\\":\\"secret');
    expect(scene.sockets.payloads("ada", "ack").at(-1)).toMatchObject({
      error: { code: "not_found" },
    });
    expect(scene.store.log.page({ limit: 10 }).entries).toEqual(['{"seq":1,"deleted":true}']);
  });

  it("keeps reactions by person, and takes them back", () => {
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", message("hi"));
    for (const [id, remove] of [
      ["ada", false],
      ["ben", false],
      ["ben", false],
      ["ada", true],
    ] as const) {
      scene.hear(id, {
        type: "react",
        messageId: `${id}${remove}${Math.random()}`,
        payload: { seq: 1, emoji: "👍", remove },
      });
    }
    scene.room.flush(T0);
    expect(JSON.parse(scene.store.log.newestMessages(1)[0] ?? "")).toMatchObject({
      reactions: { "👍": ["ben"] },
    });
  });

  it("refuses a reply to what is no message", () => {
    scene.join("ada");
    scene.hear("ada", {
      type: "send_message",
      messageId: "m",
      payload: { content: "re", replyTo: 7 },
    });
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ada", "ack")[0]).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("receipts", () => {
  it("write nothing by themselves, and come along with the next message", () => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).size).toBe(0);
    expect(scene.sockets.saved.get("ada")?.readUpTo).toBe(1);
    scene.hear("ada", message("two"));
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it.each(["leave", "sweep"])("are written by a %s", (how) => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    scene.room.flush(T0);
    if (how === "leave") scene.room.leave("ada", T0);
    else scene.room.sweep(T0 + 1);
    scene.room.flush(T0 + 1);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });
});

describe("a receipt in a flush", () => {
  beforeEach(() => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
  });

  it("is stored when its reader is gone before", () => {
    scene.room.leave("ada", T0);
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it("also reaches who joins before", () => {
    scene.enter("ben");
    expect(scene.sockets.payloads("ben", "joined_room")[0]?.["reads"]).toEqual({});
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ben", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });

  it("does not keep connections from being closed when storage fails", () => {
    scene.join("ben");
    scene.room.kick("ada", 0, T0);
    scene.room.kick("ben", 0, T0);
    scene.database.failing = true;
    scene.room.flush(T0);
    scene.room.flush(T0);
    expect([...scene.sockets.closes.keys()]).toEqual(["ada", "ben"]);
    expect(scene.room.users).toEqual([]);
    scene.database.failing = false;
    scene.room.sweep(T0 + 1);
    scene.room.flush(T0 + 1);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it("needs the grant to read", () => {
    const outcomes: unknown[] = [];
    const stranger = { userId: "eve", name: "Eve", permissions: [] };
    const frame = { type: "read_messages", payload: { upTo: 1 } } as const;
    const answer = (outcome: unknown) => outcomes.push(outcome);
    scene.room.submit({ frame, actor: stranger, at: T0, bytes: 1, answer });
    scene.room.flush(T0);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "access_denied" } }]);
    expect(scene.sockets.payloads("ada", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });
});

describe("a room that is handed more than it can hold", () => {
  it("says so at once, and goes on with what it has", () => {
    scene.join("ada");
    const big = { type: "publish", payload: { event: "e", data: "x".repeat(16_000) } };
    for (let i = 0; i < 40; i++) {
      scene.hear("ada", big, T0 + i * 1_000);
      scene.room.submit({
        frame: { type: "publish", payload: { event: "e", data: 1 } },
        actor: { userId: "ada", name: "A", permissions: ["publish"], connectionId: "ada" },
        at: T0,
        bytes: 512 * 1024,
      });
    }
    expect(scene.sockets.payloads("ada", "error")[0]).toMatchObject({ code: "rate_limited" });
    scene.room.flush(T0);
    scene.hear("ada", message("after"), T0 + 60_000);
    scene.room.flush(T0 + 60_000);
    expect(scene.sockets.payloads("ada", "ack")).toEqual([{ success: true, savedId: 1 }]);
  });
});

describe("who is let in, and how long", () => {
  it("counts connections by address", () => {
    for (let i = 0; i < 200; i++) scene.join(`u${i}`, { address: "one" });
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
      scene.room.refuses({ ...session, permissions: ["read"], address }, T0)?.code;
    expect(asked("one")).toBe("too_many_connections");
    expect(asked("two")).toBeUndefined();
  });

  it("shows no poll among the people: it comes and goes", () => {
    scene.join("ada");
    scene.join("ben", { transport: "poll" });
    expect(scene.room.users).toEqual([{ userId: "ada", name: "ADA" }]);
    scene.room.leave("ben", T0);
    scene.room.flush(T0);
    expect(scene.sockets.of("ada").map(({ type }) => type)).toEqual(["joined_room"]);
  });

  it("lets the backend listen as anyone: not banned, not counted, not shown", () => {
    const backend = { userId: "ada", address: "one", backend: true } as const;
    scene.join("ben");
    scene.join("listener", backend);
    const { session } = scene.room.connection("listener") ?? {};
    if (session === undefined) throw new Error("not there");
    expect(scene.room.kick("ada", 60_000, T0)).toBe(0);
    const { backend: _, ...person } = session;
    expect(scene.room.refuses(person, T0)?.code).toBe("banned");
    expect(scene.room.refuses(session, T0)).toBeUndefined();
    for (let i = 0; i < 10; i++) scene.join(`l${i}`, backend);
    expect(scene.room.refuses({ ...person, userId: "eve" }, T0)).toBeUndefined();
    for (let i = 0; i < 200; i++) scene.join(`e${i}`, { address: "one" });
    expect(scene.room.refuses({ ...person, userId: "eve" }, T0)?.code).toBe("too_many_connections");
    expect(scene.room.refuses(session, T0)).toBeUndefined();
    scene.room.leave("listener", T0);
    scene.flush();
    expect(scene.room.users.some(({ userId }) => userId === "ada")).toBe(false);
    const told = scene.sockets.of("ben").map(({ type, payload }) => [type, payload?.["userId"]]);
    expect(told).not.toContainEqual(["user_joined", "ada"]);
    expect(told).not.toContainEqual(["user_left", "ada"]);
  });

  it("ends an expired connection with 4401 and a silent one with 4408, but not a plain one", () => {
    scene.join("expired", { expiresAt: T0 + 1_000 });
    scene.join("silent");
    scene.join("plain", { wire: "plain" });
    scene.join("pinging");
    expect(scene.room.wakeAt).toBe(T0 + 1_000);
    scene.sockets.pings.set("pinging", T0 + 30_000);
    scene.room.sweep(T0 + 40_001);
    scene.room.flush(T0 + 40_001);
    expect([...scene.sockets.closes]).toEqual([
      ["silent", 4408],
      ["expired", 4401],
    ]);
  });

  it("asks for no wake once nobody is there", () => {
    scene.join("ada");
    scene.room.leave("ada", T0);
    scene.room.sweep(T0 + MINUTE);
    expect(scene.room.wakeAt).toBeUndefined();
  });

  it("refuses a frame after the token's end", () => {
    scene.join("ada", { expiresAt: T0 + 1_000 });
    scene.hear("ada", message("late"), T0 + 1_000);
    scene.room.flush(T0 + 1_000);
    expect(scene.sockets.closes.get("ada")).toBe(4401);
    expect(scene.store.log.head).toBe(0);
  });
});

describe("retention", () => {
  it("drops the oldest messages beyond the count once no messageId needs them, and old cursors start anew", () => {
    scene.vars["HISTORY_MAX_MESSAGES"] = "3";
    scene.restart();
    scene.join("ada");
    for (let i = 1; i <= 10; i++) scene.hear("ada", message(`m${i}`));
    scene.room.flush(T0);
    scene.room.sweep(T0);
    expect(scene.store.log.oldest).toBe(1);
    scene.restart();
    scene.join("ada");
    scene.hear("ada", message("m1"));
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ada", "ack").at(-1)).toMatchObject({
      savedId: 1,
      duplicate: true,
    });
    scene.room.sweep(T0);
    expect(scene.room.wakeAt).toBeLessThanOrEqual(T0 + 6 * MINUTE);
    scene.room.sweep(T0 + 6 * MINUTE);
    expect(scene.store.log.oldest).toBe(8);
    expect(scene.store.log.page({ limit: 10 }).entries).toHaveLength(3);
    scene.join("ben");
    scene.join("late", {}, { seq: 2, epoch: "epoch-1" });
    expect(scene.sockets.payloads("late", "joined_room")[0]).toMatchObject({ recovered: false });
  });

  it("counts reactions too: three rows a kept message, and a thousand more", () => {
    scene.vars["HISTORY_MAX_MESSAGES"] = "10";
    scene.restart();
    const ada = { userId: "ada", name: "Ada", permissions: ["read", "write"] } as const;
    scene.ask(ada, { type: "send_message", messageId: "m", payload: { content: "hi" } });
    for (let i = 0; i < 3_000; i++) {
      const payload = { seq: 1, emoji: "x", remove: i % 2 === 1 };
      scene.ask(ada, { type: "react", messageId: `r${i}`, payload });
    }
    for (let i = 0; i < 5; i++) scene.room.sweep(T0 + 6 * MINUTE);
    const { oldest, head } = scene.store.log;
    expect([head - oldest + 1, head]).toEqual([1_030, 3_001]);
    expect(scene.store.log.page({ limit: 10 })).toEqual({ entries: [], hasMore: false });
    expect(scene.store.log.newestMessages(10)).toEqual([]);
  });

  it("drops by age, wakes for the next, and keeps counting from the head", () => {
    scene.vars["HISTORY_MAX_DAYS"] = "1";
    scene.restart();
    scene.join("ada", { expiresAt: T0 + 10 * 86_400_000, wire: "plain" });
    scene.hear("ada", message("old"));
    scene.room.flush(T0);
    scene.hear("ada", message("newer"), T0 + MINUTE);
    scene.room.flush(T0 + MINUTE);
    scene.room.sweep(T0 + 86_400_000 + 1);
    expect(scene.store.log.oldest).toBe(2);
    scene.room.sweep(T0 + 3 * 86_400_000);
    scene.restart();
    expect(scene.store.log.head).toBe(2);
  });
});
