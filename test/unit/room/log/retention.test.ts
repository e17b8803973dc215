import { beforeEach, describe, expect, it } from "vitest";
import { RoomScene, T0 } from "../support/scene.ts";

const MINUTE = 60_000;

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
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
