import { beforeEach, describe, expect, it } from "vitest";
import { RoomScene, T0 } from "./support/scene.ts";

const MINUTE = 60_000;

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

function rows(): string {
  return JSON.stringify([...scene.database.query("SELECT * FROM log")]);
}

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
});

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
    expect(scene.room.flush(T0).failures).toEqual([expect.any(Error)]);
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
