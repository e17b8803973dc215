import { describe, expect, it, vi } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";

/** A message of 12 kB. */
const LONG = "響".repeat(4_000);

describe("readers that stop reading", () => {
  it("owe no more than the room's budget in all, and it is not the one who pings that goes", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    scene.join("ada");
    scene.reading.add("ada");
    scene.join("reads");
    for (let i = 0; i < 10; i++) scene.join(`stuck-${i}`);
    for (let i = 0; i < 3_000; i++) {
      const now = T0 + i * 10;
      if (i % 50 === 0) scene.sockets.pings.set("reads", now);
      scene.hear(
        "ada",
        { type: "send_message", messageId: `m${i}`, payload: { content: LONG } },
        now,
      );
      scene.flush(now);
    }
    const closed = [...scene.sockets.closes.keys()].sort();
    expect(closed).toEqual(Array.from({ length: 10 }, (_, i) => `stuck-${i}`));
    const owed = closed.reduce((sum, id) => sum + scene.sockets.of(id).length * LONG.length * 3, 0);
    expect(owed).toBeLessThan(2 * BOUNDS.unreadTotalBytes);
  });

  it.each([
    ["answers marks", 60, true],
    ["knows no marks and will ping in time", 100, false],
  ])(
    "are not seen in a crowd that is only told a lot and %s, nor is all of it asked each time",
    (_, size, isReading) => {
      const scene = new RoomScene("general", RAISED_LIMITS);
      const ask = vi.spyOn(scene.sockets, "answeredAt");
      const flushes = 300;
      const crowd = Array.from({ length: size }, (_, i) => `reader-${i}`);
      for (const id of ["ada", ...crowd]) {
        scene.join(id);
        if (isReading) scene.reading.add(id);
      }
      for (let i = 0; i < flushes; i++) {
        const now = T0 + i * 10;
        scene.hear(
          "ada",
          { type: "send_message", messageId: `m${i}`, payload: { content: LONG } },
          now,
        );
        scene.flush(now);
      }
      expect(scene.sockets.closes).toEqual(new Map());
      expect(ask.mock.calls.length).toBeLessThan(flushes * 2);
    },
  );

  it("are not seen in those of a crowd that were told a little more than the rest of it", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    const tell = (ms: number, bytes: number) => {
      const payload = { content: "x".repeat(bytes) };
      scene.hear("ada", { type: "send_message", messageId: `m${ms}`, payload }, T0 + ms);
      scene.flush(T0 + ms);
    };
    scene.join("ada");
    for (let i = 0; i < 20; i++) scene.join(`early-${i}`);
    for (let i = 0; i < 200; i++) tell(i, 4_000);
    for (let i = 0; i < 40; i++) scene.join(`late-${i}`);
    for (const { userId } of scene.room.users) scene.reading.add(userId);
    for (let i = 200; i < 1_400; i++) tell(i, 4_000);
    expect(scene.sockets.closes).toEqual(new Map());
  });

  it("are not seen in plain readers that were told as much over a longer time", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    scene.join("ada");
    scene.reading.add("ada");
    for (let i = 0; i < 20; i++) scene.join(`reader-${i}`, { wire: "plain" });
    for (let i = 0; i < 1_000; i++) {
      const payload = { content: LONG };
      const now = T0 + i * 200;
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload }, now);
      scene.flush(now);
    }
    expect(scene.sockets.closes).toEqual(new Map());
  });

  it("are looked for among plain readers where marks are required: one at a time comes back", () => {
    const scene = new RoomScene("general", { ...RAISED_LIMITS, REQUIRE_MARKS: "on" });
    const crowd = Array.from({ length: 20 }, (_, i) => `reader-${i}`);
    scene.join("ada");
    scene.reading.add("ada");
    for (const id of crowd) scene.join(id, { wire: "plain" });
    let comebacks = 0;
    const messages = 1_000;
    for (let i = 0; i < messages; i++) {
      const now = T0 + i * 200;
      const payload = { content: LONG };
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload }, now);
      scene.flush(now);
      for (const id of scene.sockets.closes.keys()) {
        scene.sockets.closes.delete(id);
        scene.room.socketEnded(id);
        comebacks += 1;
        scene.join(
          `${id}-`,
          { userId: id, wire: "plain" },
          { epoch: scene.store.log.epoch, seq: i },
          now,
        );
      }
      expect(scene.room.users).toHaveLength(21);
    }
    const told = crowd.length * messages * LONG.length * 3;
    expect(comebacks).toBeGreaterThan(0);
    expect(comebacks).toBeLessThanOrEqual(told / (BOUNDS.doubtedTotalBytes / 2));
  });
});
