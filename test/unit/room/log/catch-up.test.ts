import { beforeEach, describe, expect, it } from "vitest";
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
