import { beforeEach, describe, expect, it, vi } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";

/** A message's payload is about this long. */
const SIZE = 15_000;
/** Fewer than a resume may bring, and many portions. */
const MISSED = Math.floor((BOUNDS.resumeBytes * 0.9) / SIZE);

describe("a long resume", () => {
  let scene: RoomScene;

  beforeEach(() => {
    scene = new RoomScene("general", RAISED_LIMITS);
    scene.join("ada", { address: "one" });
    say(MISSED);
  });

  let said = 0;
  function say(count: number): void {
    for (let i = 0; i < count; i++) {
      said += 1;
      const payload = { content: "x".repeat(3_900), data: ["y".repeat(4_000)] };
      const big = { content: "響".repeat(3_500), data: payload.data };
      scene.hear("ada", { type: "send_message", messageId: `m${said}`, payload: big });
    }
    settle();
  }

  function settle(now = T0): void {
    for (let i = 0; i < 100 && scene.room.hasWork; i++) scene.flush(now);
  }

  function resume(id: string, seq = 0, now = T0): void {
    scene.enter(id, {}, { epoch: scene.store.log.epoch, seq }, now);
  }

  const seqs = (id: string) =>
    scene.sockets.of(id).flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
  const upTo = (head: number) => Array.from({ length: head }, (_, i) => i + 1);

  it("goes out in portions, a call each, and what comes meanwhile follows it", () => {
    resume("ben");
    expect(seqs("ben").length).toBeLessThan(MISSED / 2);
    expect(scene.room.hasWork).toBe(true);
    scene.hear("ada", { type: "send_message", messageId: "new", payload: { content: "new" } });
    settle();
    expect(seqs("ben")).toEqual(upTo(MISSED + 1));
    expect(scene.sockets.payloads("ben", "joined_room")).toMatchObject([{ recovered: true }]);
    expect(scene.room.hasWork).toBe(false);
  });

  it("of more than 4 MiB starts anew (P4.4)", () => {
    say(Math.ceil(MISSED / 5));
    resume("ben");
    settle();
    const [greeting] = scene.sockets.payloads("ben", "joined_room");
    expect(greeting).toMatchObject({ recovered: false });
    expect(seqs("ben")).toEqual([]);
  });

  it("brings as much history as a greeting holds, the newest", () => {
    scene.join("ben");
    const [greeting] = scene.sockets.payloads("ben", "joined_room");
    const history = greeting?.["history"] as readonly { seq: number }[];
    expect(history.length).toBeGreaterThan(50 / 2);
    expect(history.at(-1)?.seq).toBe(MISSED);
    expect(JSON.stringify(history).length).toBeLessThan(BOUNDS.greetingBytes);
  });

  it("waits when the room's memory for what is unread is spent, until its peer pings", () => {
    for (let i = 0; i < 12; i++) resume(`stuck-${i}`);
    settle();
    resume("ben");
    settle();
    const before = seqs("ben").length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(MISSED);
    expect(scene.room.wakeAt).toBeLessThanOrEqual(T0 + BOUNDS.catchUpLookMs);
    for (let now = T0 + 2_000; now < T0 + 20_000; now += 2_000) {
      scene.sockets.pings.set("ben", now);
      scene.room.sweep(now);
      settle(now);
    }
    expect(seqs("ben")).toEqual(upTo(MISSED));
  });

  it("ends with 4408, and keeps no room awake, for those who never show life", () => {
    for (let i = 0; i < 15; i++) resume(`stuck-${i}`);
    settle();
    scene.room.sweep(T0 + 45_000);
    settle(T0 + 45_000);
    const stuck = [...scene.sockets.closes].filter(([id]) => id.startsWith("stuck"));
    expect(stuck).toHaveLength(15);
    expect(new Set(stuck.map(([, code]) => code))).toEqual(new Set([4408]));
    scene.room.sweep(T0 + 45_000);
    expect(scene.room.wakeAt ?? Infinity).toBeGreaterThan(T0 + 45_000 + BOUNDS.catchUpLookMs);
  });

  it("is told no further to who is kicked in the middle, who is told why", () => {
    resume("ben");
    const before = seqs("ben");
    scene.room.kick("ben", 0, T0);
    scene.hear("ada", { type: "send_message", messageId: "new", payload: { content: "new" } });
    settle();
    expect(seqs("ben")).toEqual(before);
    expect(scene.sockets.of("ben").at(-1)).toMatchObject({ type: "error" });
    expect(scene.sockets.closes.get("ben")).toBe(4403);
  });

  it("is told no further once its token has ended", () => {
    scene.enter("ben", { expiresAt: T0 + 1 }, { epoch: scene.store.log.epoch, seq: 0 });
    const before = seqs("ben");
    settle(T0 + 1);
    expect(seqs("ben")).toEqual(before);
    expect(scene.sockets.closes.get("ben")).toBe(4401);
  });

  it("is marked on its socket until it is over: who sleeps over it must come back", () => {
    resume("ben");
    expect(scene.sockets.saved.get("ben")).toMatchObject({ isBehind: true });
    settle();
    expect(scene.sockets.saved.get("ben")?.isBehind).toBeUndefined();
  });
});

describe("readers that stop reading", () => {
  it("owe no more than the room's budget in all, and it is not the one who pings that goes", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    scene.join("ada");
    scene.join("reads");
    for (let i = 0; i < 10; i++) scene.join(`stuck-${i}`);
    const content = "響".repeat(4_000);
    for (let i = 0; i < 3_000; i++) {
      const now = T0 + i * 10;
      if (i % 50 === 0) scene.sockets.pings.set("reads", now);
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload: { content } }, now);
      scene.flush(now);
    }
    const closed = [...scene.sockets.closes.keys()].sort();
    expect(closed).toEqual(Array.from({ length: 10 }, (_, i) => `stuck-${i}`));
    const owed = closed.reduce(
      (sum, id) => sum + scene.sockets.of(id).length * content.length * 3,
      0,
    );
    expect(owed).toBeLessThan(2 * BOUNDS.unreadTotalBytes);
  });

  it("are not seen in a crowd that is only told a lot and will ping in time, nor is all of it asked each time", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    const ask = vi.spyOn(scene.sockets, "answeredAt");
    const flushes = 1_000;
    const crowd = Array.from({ length: 60 }, (_, i) => `reader-${i}`);
    for (const id of ["ada", ...crowd]) scene.join(id);
    const content = "響".repeat(4_000);
    for (let i = 0; i < flushes; i++) {
      const now = T0 + i * 10;
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload: { content } }, now);
      scene.flush(now);
    }
    expect(scene.sockets.closes).toEqual(new Map());
    expect(ask.mock.calls.length).toBeLessThan(flushes * 2);
  });

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
    for (let i = 200; i < 1_400; i++) tell(i, 4_000);
    expect(scene.sockets.closes).toEqual(new Map());
  });

  it("are not seen in plain readers that were told as much over a longer time", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    const crowd = Array.from({ length: 20 }, (_, i) => `reader-${i}`);
    scene.join("ada");
    for (const id of crowd) scene.join(id, { wire: "plain" });
    const content = "響".repeat(4_000);
    for (let i = 0; i < 1_000; i++) {
      const now = T0 + i * 200;
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload: { content } }, now);
      scene.flush(now);
    }
    expect(scene.sockets.closes).toEqual(new Map());
  });
});
