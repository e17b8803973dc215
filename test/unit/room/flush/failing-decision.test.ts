import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../src/room/flush/outcome.ts";
import { StorageError } from "../../../../src/room/store/storage-error.ts";
import { RoomScene, T0 } from "../support/scene.ts";

function say(scene: RoomScene, messageId: string, payload: object = {}): void {
  scene.hear("ada", { type: "send_message", messageId, payload: { content: "hi", ...payload } });
}

function edit(scene: RoomScene, seq: number, messageId: string): void {
  scene.hear("ada", { type: "edit_message", messageId, payload: { seq, content: "other" } });
}

/** A room whose first message does not parse. */
function spoiled(): RoomScene {
  const scene = new RoomScene("general");
  scene.join("ada");
  scene.join("ben", { expiresAt: T0 + 1_000 });
  say(scene, "m1");
  scene.flush();
  scene.database.query("UPDATE log SET payload = '{' WHERE seq = 1");
  return scene;
}

describe("a frame whose decision throws", () => {
  it("is refused by itself: what comes with it is stored and told", () => {
    const scene = spoiled();
    say(scene, "before");
    edit(scene, 1, "bad");
    say(scene, "after", { replyTo: 2 });
    expect(scene.flush().failures).toEqual([expect.any(SyntaxError)]);
    const acks = scene.sockets.of("ada").filter(({ type }) => type === "ack");
    expect(acks.slice(1)).toMatchObject([
      { messageId: "before", payload: { success: true, savedId: 2 } },
      { messageId: "bad", payload: { success: false, error: { code: "internal" } } },
      { messageId: "after", payload: { success: true, savedId: 3 } },
    ]);
    expect(scene.store.log.head).toBe(3);
  });

  it("harms nobody more when nothing can be stored, and whoever waits is answered and closed", () => {
    const scene = spoiled();
    const outcomes: Outcome[] = [];
    edit(scene, 1, "bad");
    scene.room.submit({
      frame: { type: "edit_message", messageId: "http", payload: { seq: 1, content: "x" } },
      actor: { userId: "ada", name: "ADA", permissions: ["read", "write"] },
      at: T0,
      bytes: 1,
      messageId: "http",
      answer: (outcome) => outcomes.push(outcome),
    });
    say(scene, "m2");
    scene.hear("ada", { type: "leave_room" });
    scene.database.failing = true;
    scene.room.flush(T0 + 1_000);
    scene.database.failing = false;
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "internal" } }]);
    expect(scene.sockets.closes).toEqual(
      new Map([
        ["ada", 1000],
        ["ben", 4401],
      ]),
    );
    expect(scene.room.connections).toBe(0);
    const acks = scene.sockets.of("ada").filter(({ messageId }) => messageId === "m2");
    expect(acks).toMatchObject([{ payload: { success: false, error: { code: "internal" } } }]);
  });

  it("goes with the rest when it is the database that fails, which may have undone them all", () => {
    const scene = spoiled();
    const { log } = scene.store;
    const entry = log.entry.bind(log);
    log.entry = () => {
      throw new StorageError("disk I/O error: SQLITE_IOERR");
    };
    say(scene, "m2");
    edit(scene, 1, "bad");
    scene.flush();
    log.entry = entry;
    expect(log.head).toBe(1);
    const acks = scene.sockets.payloads("ada", "ack").slice(1);
    expect(acks.map(({ success }) => success)).toEqual([false, false]);
  });
});
