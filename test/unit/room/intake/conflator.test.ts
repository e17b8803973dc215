import { describe, expect, it } from "vitest";
import { MOVING_KINDS, MovingScene, openMoving as open } from "../support/moving-scene.ts";
import { T0 } from "../support/scene.ts";

const ROOMS = ["general", "board:a", "document:a", "game:a"];

describe("a cursor that moves", () => {
  it.each(ROOMS.flatMap((room) => [30, 60, 120].map((perSecond) => [room, perSecond] as const)))(
    "in %s %d times a second is refused nothing, told 30 times a second at most, and where it stops (P15.10, P15.11)",
    (room, perSecond) => {
      const scene = open(room);
      scene.move("ada", perSecond, 10_000);
      scene.until(scene.now + 40);
      const seen = scene.seenBy("ben");
      expect(seen.at(-1)).toBe(perSecond * 10 - 1);
      expect(seen.length).toBeLessThanOrEqual(304);
      expect(seen.length).toBeGreaterThan(280);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(scene.sockets.payloads("ada", "error")).toEqual([]);
      expect(scene.sockets.closes.size).toBe(0);
    },
  );

  it("is told at once after a rest, and as seldom as the deployment says (P15.11)", () => {
    const scene = open("general", { LIMIT_PRESENCE_PER_SECOND: "2" });
    scene.present("ada", { at: 1 });
    expect(scene.room.flushDelayMs(scene.now)).toBe(0);
    scene.until(scene.now);
    scene.present("ada", { at: 2 });
    scene.present("ada", { at: 3 });
    scene.until(scene.now + 499);
    expect(scene.seenBy("ben")).toEqual([1]);
    scene.until(scene.now + 1);
    expect(scene.seenBy("ben")).toEqual([1, 3]);
    expect(scene.sockets.payloads("ben", "joined_room")).toMatchObject([
      { limits: { presencePerSecond: 2 } },
    ]);
  });

  it("is told no more often where much else is said (P15.11)", () => {
    const scene = open("general", { LIMIT_FRAMES_PER_SECOND: "1000", LIMIT_FRAMES_BURST: "1000" });
    const from = scene.now;
    for (let ms = 0; ms < 2_000; ms += 5) {
      scene.until(from + ms);
      if (ms % 10 === 0) scene.present("ada", { at: ms });
      const payload = { content: "hi" };
      scene.hear("ben", { type: "send_message", messageId: `${ms}`, payload }, scene.now);
    }
    scene.until(from + 2_040);
    expect(scene.seenBy("ben").length).toBeLessThanOrEqual(62);
    expect(scene.seenBy("ben").at(-1)).toBe(1_990);
    expect(scene.sockets.payloads("ben", "new_message")).toHaveLength(400);
  });

  it("is told more seldom in a crowd of them, so that nobody is told more than 3,000 a second (P15.11)", () => {
    const scene = new MovingScene("general", {}, MOVING_KINDS);
    const people = Array.from({ length: 200 }, (_, index) => `user-${index}`);
    for (const id of people) scene.join(id);
    const from = scene.now;
    for (let ms = 0; ms <= 600; ms += 30) {
      scene.until(from + ms);
      for (const id of people) scene.present(id, { at: ms });
    }
    scene.until(from + 1_000);
    const seen = scene.sockets.payloads("user-0", "user_updated");
    expect(seen.length).toBeLessThan(12 * 199);
    expect(seen.length).toBeGreaterThan(8 * 199);
    for (const id of people.slice(1)) expect(scene.seenBy("user-0", id).at(-1)).toBe(600);
  });

  it("waits in memory by the thousand, and then what is long is bounded as all that waits is", () => {
    const scene = open("board:a", { LIMIT_PRESENCE_PER_SECOND: "1" });
    scene.present("ben", { at: 0 });
    scene.until(scene.now);
    // The schema leaves it out, and it was in memory for that.
    const data = { at: 1, more: "x".repeat(60_000) };
    for (let index = 0; index < 100; index++) {
      scene.enter(`user-${index}`);
      scene.flush(scene.now);
      scene.present(`user-${index}`, data);
    }
    scene.until(scene.now + 100);
    const shown = scene.room.shownUsers.filter((user) => user.data !== undefined).length;
    expect(shown).toBeGreaterThan(60);
    expect(shown).toBeLessThan(100);
    scene.until(scene.now + 1_000);
    expect(scene.room.shownUsers.filter((user) => user.data !== undefined)).toHaveLength(101);
  });

  it("takes nothing of what its sender may say else (P15.10)", () => {
    const scene = open();
    scene.move("ada", 120, 2_000);
    for (let n = 0; n < 50; n++) {
      const frame = { type: "send_message", messageId: `${n}`, payload: { content: "hi" } };
      scene.hear("ada", frame, scene.now);
    }
    scene.until(scene.now + 100);
    expect(scene.sockets.payloads("ben", "new_message")).toHaveLength(50);
  });

  it("is refused beyond four times what is told, and closed with 4429 when that goes on (P9.5, P15.10)", () => {
    const scene = open();
    scene.move("ada", 10_000, 1_000);
    scene.until(scene.now + 1_000);
    const refusals = scene.sockets.payloads("ada", "error");
    expect(refusals[0]).toMatchObject({ code: "rate_limited", retryable: true });
    expect(refusals.length).toBeLessThanOrEqual(110);
    expect(scene.sockets.closes.get("ada")).toBe(4429);
    expect(scene.seenBy("ben").length).toBeLessThan(30);
  });

  it("with a messageId is told with the next flush and answered, after what came before it (P15.11)", () => {
    const scene = open();
    scene.present("ada", { at: 1 });
    scene.until(scene.now);
    scene.present("ada", { at: 2 });
    scene.present("ada", { at: 3 }, "m");
    scene.until(scene.now + 5);
    expect(scene.seenBy("ben")).toEqual([1, 3]);
    expect(scene.sockets.payloads("ada", "ack")).toEqual([{ success: true }]);
    scene.until(scene.now + 1_000);
    expect(scene.seenBy("ben")).toEqual([1, 3]);
    for (let n = 0; n < 60; n++) scene.present("ada", { at: n }, `${n}`);
    scene.until(scene.now + 5);
    const refused = scene.sockets
      .payloads("ada", "ack")
      .filter((payload) => payload["success"] === false);
    expect(refused.length).toBeGreaterThan(5);
  });

  it("stays where it was last when what came with a messageId is refused (P5.6)", () => {
    const scene = open("wild:a");
    scene.present("ben", { at: 0 });
    scene.until(scene.now);
    scene.present("ada", { at: 1 });
    scene.present("ada", { at: 2, chars: 3_000 }, "m");
    scene.until(scene.now + 40);
    expect(scene.sockets.payloads("ada", "ack")).toMatchObject([{ error: { code: "too_large" } }]);
    expect(scene.seenBy("ben")).toEqual([1]);
  });

  it("of a person in two places is the last of those that are still there (P15.8)", () => {
    const scene = open();
    scene.join("ada-2", { userId: "ada" });
    scene.present("ben", { at: 0 });
    scene.until(scene.now);
    scene.present("ada", { at: 1 });
    scene.present("ada-2", { at: 2 });
    scene.until(scene.now + 40);
    expect(scene.seenBy("ben")).toEqual([2]);
    scene.present("ben", { at: 0 });
    scene.until(scene.now + 40);
    scene.present("ada", { at: 3 });
    scene.present("ada-2", { at: 4 });
    scene.room.leave("ada-2", scene.now);
    scene.until(scene.now + 40);
    expect(scene.seenBy("ben")).toEqual([2, 3]);
  });

  it("that waits in one place comes after nothing that its person says in another later (P15.8)", () => {
    const scene = open();
    scene.join("ada-2", { userId: "ada" });
    scene.present("ada", { at: 0 });
    scene.until(scene.now);
    scene.present("ada", { at: 1 });
    scene.present("ada-2", { at: 2 }, "m");
    scene.until(scene.now + 1_000);
    expect(scene.seenBy("ben")).toEqual([0, 2]);
    expect(scene.room.users.find(({ userId }) => userId === "ada")?.data).toEqual({ at: 2 });
  });

  it("of whoever has gone is told to nobody, and keeps no room awake", () => {
    const scene = open();
    scene.move("ada", 30, 500);
    const seen = scene.seenBy("ben").length;
    scene.present("ada", { at: 99 });
    scene.room.leave("ada", scene.now);
    expect(scene.sockets.saved.delete("ada")).toBe(true);
    scene.until(scene.now + 2_000);
    expect(scene.seenBy("ben").length).toBe(seen);
    expect(scene.sockets.saved.has("ada")).toBe(false);
    expect(scene.sockets.payloads("ben", "user_left")).toMatchObject([{ userId: "ada" }]);
    expect(scene.room.hasWork).toBe(false);
  });

  it("of whoever may say nothing any more is refused", () => {
    const scene = open();
    scene.present("ben", { at: 0 });
    scene.until(scene.now);
    scene.present("ada", { at: 1 });
    const connection = scene.room.connection("ada");
    if (connection === undefined) throw new Error("not here");
    const renewed = { expiresAt: T0 + 3_600_000, permissions: ["read"] as const };
    scene.room.renew(connection, { ...renewed, permissions: ["read"] }, undefined, scene.now);
    scene.until(scene.now + 40);
    expect(scene.seenBy("ben")).toEqual([]);
    expect(scene.sockets.payloads("ada", "error")).toMatchObject([{ code: "access_denied" }]);
  });

  it("waits no longer than its turn when the clock is set back", () => {
    const scene = open();
    scene.present("ada", { at: 1 });
    scene.until(scene.now);
    scene.now -= 3_600_000;
    scene.present("ada", { at: 2 });
    scene.until(scene.now + 33);
    expect(scene.seenBy("ben")).toEqual([1, 2]);
  });
});
