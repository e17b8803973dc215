import { describe, expect, it } from "vitest";
import { deliveryOf, INBOX_CARRIER } from "../../../../src/kinds/inbox/notice.ts";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { RoomScene, T0 } from "../support/scene.ts";

const DAY_MS = 86_400_000;
const MODERATOR = { userId: "mo", name: "Mo", permissions: ["moderate", "publish"] } as const;
const NOTICE = { recipient: "ben", source: 1, key: "k", content: { type: "t", title: "t" } };

function say(scene: RoomScene, now = T0): void {
  const frame = { type: "send_message", messageId: `m${now}`, payload: { content: "hi" } } as const;
  scene.ask({ ...MODERATOR, permissions: ["write"] }, frame, now);
}

describe("a room that nobody is in is over", () => {
  it("from the start, until something is stored", () => {
    const scene = new RoomScene("general");
    expect(scene.room.isOver(T0)).toBe(true);
    scene.join("ada");
    expect(scene.room.isOver(T0)).toBe(false);
    scene.room.leave("ada", T0);
    expect(scene.room.isOver(T0)).toBe(false);
    scene.flush();
    expect(scene.room.isOver(T0)).toBe(true);
    say(scene);
    expect(scene.room.isOver(T0 + 36_500 * DAY_MS)).toBe(false);
  });

  it("when its last ban has ended, and wakes for that", () => {
    const scene = new RoomScene("general");
    scene.room.kick("eve", 60_000, T0);
    expect([scene.room.isOver(T0 + 59_999), scene.room.wakeAt]).toEqual([false, T0 + 60_000]);
    scene.room.sweep(T0 + 30_000);
    expect(scene.room.wakeAt).toBe(T0 + 60_000);
    expect(scene.room.isOver(T0 + 60_000)).toBe(true);
  });

  it("when its whole log has passed its days, and wakes for that", () => {
    const scene = new RoomScene("general", { HISTORY_MAX_DAYS: "2" });
    say(scene);
    say(scene, T0 + DAY_MS);
    scene.room.sweep(T0 + 3 * DAY_MS - 1);
    expect(scene.room.isOver(T0 + 3 * DAY_MS - 1)).toBe(false);
    expect(scene.room.wakeAt).toBe(T0 + 3 * DAY_MS);
    scene.join("ada", { expiresAt: T0 + 9 * DAY_MS });
    expect(scene.room.isOver(T0 + 3 * DAY_MS)).toBe(false);
    scene.room.leave("ada", T0 + 3 * DAY_MS);
    scene.flush(T0 + 3 * DAY_MS);
    expect(scene.room.isOver(T0 + 3 * DAY_MS)).toBe(true);
  });

  it("when its outbox is empty", () => {
    const scene = new RoomScene("general");
    scene.store.outbox.add(deliveryOf(NOTICE), T0);
    expect(scene.room.isOver(T0)).toBe(false);
    scene.store.outbox.of(INBOX_CARRIER).remove([1]);
    expect(scene.room.isOver(T0)).toBe(true);
  });

  it.each([
    ["when its dead letters have passed the days of history", "2", T0 + 2 * DAY_MS],
    ["not while it has dead letters, where history has no end (P16.6)", "0", Infinity],
  ])("%s", (_, days, until) => {
    const scene = new RoomScene("general", { HISTORY_MAX_DAYS: days });
    scene.store.outbox.add(deliveryOf(NOTICE), T0);
    scene.store.outbox.of(INBOX_CARRIER).bury([1], "refused", T0);
    expect(scene.room.isOver(Math.min(until, T0 + 36_500 * DAY_MS) - 1)).toBe(false);
    scene.room.sweep(T0);
    expect(scene.room.wakeAt).toBe(until === Infinity ? undefined : until);
    expect(scene.room.isOver(until)).toBe(true);
    scene.store.deadLetters.remove(1);
    expect(scene.room.isOver(T0)).toBe(true);
  });

  it("when what a courier gave up has passed its days, and looks for that by itself", () => {
    const scene = new RoomScene("general", { HISTORY_MAX_DAYS: "2" });
    scene.store.outbox.add(deliveryOf(NOTICE), T0);
    scene.room.sweep(T0);
    expect(scene.room.wakeAt).toBeUndefined();
    const dropped = scene.store.outbox.of(INBOX_CARRIER).bury([1], "refused", T0);
    scene.room.buried(1, dropped, T0);
    const lookAt = scene.room.wakeAt ?? Number.NaN;
    expect(lookAt).toBeLessThan(T0 + DAY_MS);
    scene.room.sweep(lookAt);
    expect(scene.room.wakeAt).toBe(T0 + 2 * DAY_MS);
  });

  it("when a topic's last values are gone", () => {
    const scene = new RoomScene("topic:prices");
    scene.ask(MODERATOR, { type: "publish", payload: { event: "a/b", data: 1 } });
    expect(scene.room.isOver(T0)).toBe(false);
    expect(scene.room.special.lastValues?.forget("nothing")).toBe(false);
    expect(scene.room.special.lastValues?.forget("a/b")).toBe(true);
    expect([scene.room.isOver(T0), scene.room.special.poll()]).toEqual([true, { last: {} }]);
  });
});

describe("ending a room", () => {
  it("settles what waits, tells everyone why, and closes them", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", { type: "send_message", messageId: "m1", payload: { content: "hi" } });
    const error = { code: "access_denied", message: "gone", retryable: false } as const;
    scene.room.end(error, CLOSES.deleted, T0);
    for (const id of ["ada", "ben"]) {
      expect(scene.sockets.closes.get(id)).toBe(4403);
      expect(scene.sockets.of(id).at(-1)).toMatchObject({ type: "error", payload: error });
    }
    expect(scene.sockets.payloads("ada", "ack")).toEqual([{ success: true, savedId: 1 }]);
    expect([scene.room.connections, scene.room.hasWork]).toEqual([0, false]);
  });
});
