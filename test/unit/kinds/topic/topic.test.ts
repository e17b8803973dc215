import { beforeEach, describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { BACKEND, RoomScene, T0 } from "../../room/support/scene.ts";

const PUBLISHER = { ...BACKEND, permissions: ["publish"] } as const;

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("topic:cpu");
});

function publish(event: string, data: unknown, conflate?: boolean): object {
  return { type: "publish", payload: { event, data, ...(conflate ? { conflate } : {}) } };
}

function lastOf(id: string): unknown {
  return scene.sockets.payloads(id, "joined_room")[0]?.["last"];
}

describe("a topic", () => {
  it("tells the others, and hands the last value of each name to whoever joins", () => {
    scene.join("feed");
    scene.join("chart");
    scene.hear("feed", publish("load", 1));
    scene.hear("feed", publish("load", 2));
    scene.hear("feed", publish("heat", { c: 40 }));
    scene.flush();
    expect(scene.sockets.payloads("chart", "event")).toHaveLength(3);
    expect(scene.sockets.payloads("feed", "event")).toEqual([]);
    scene.restart();
    scene.join("late");
    const timestamp = new Date(T0).toISOString();
    expect(lastOf("late")).toEqual({
      load: { data: 2, timestamp },
      heat: { data: { c: 40 }, timestamp },
    });
    expect(scene.store.log.head).toBe(0);
  });

  it("says over HTTP how many it was delivered to", () => {
    scene.join("a");
    scene.join("b");
    const frame = { type: "publish", payload: { event: "load", data: 1 } } as const;
    expect(scene.ask(PUBLISHER, frame)).toEqual({ ok: true, delivered: 2 });
    expect(scene.ask(BACKEND, frame)).toMatchObject({ error: { code: "access_denied" } });
  });

  it("conflates a burst to the newest value per name when the publisher asks, and only then", () => {
    scene.join("feed");
    scene.join("chart");
    for (let i = 1; i <= 3; i++) {
      scene.hear("feed", publish("load", i, true));
      scene.hear("feed", publish("step", i));
      scene.hear("feed", publish("heat", i * 10, true));
    }
    scene.flush();
    const told = scene.sockets.payloads("chart", "event").map(({ event, data }) => [event, data]);
    expect(told).toEqual([
      ["step", 1],
      ["step", 2],
      ["load", 3],
      ["step", 3],
      ["heat", 30],
    ]);
  });

  it("keeps no more names than it can hand over", () => {
    const frame = (event: string) => ({ type: "publish", payload: { event, data: 1 } }) as const;
    for (let i = 0; i < BOUNDS.topicEvents; i++) scene.ask(PUBLISHER, frame(`e${i}`));
    expect(scene.ask(PUBLISHER, frame("more"))).toMatchObject({ error: { code: "conflict" } });
    expect(scene.ask(PUBLISHER, frame("e0"))).toMatchObject({ ok: true });
  });

  it("also counts the names of one flush", () => {
    for (let i = 1; i < BOUNDS.topicEvents; i++) {
      const payload = { event: `e${i}`, data: 1 };
      scene.room.submit({
        frame: { type: "publish", payload },
        actor: PUBLISHER,
        at: T0,
        bytes: 1,
      });
    }
    scene.join("feed");
    scene.hear("feed", publish("fits", 1));
    scene.hear("feed", publish("does not", 1));
    scene.flush();
    expect(scene.sockets.payloads("feed", "error")).toMatchObject([{ code: "conflict" }]);
  });

  it("owes a value that was queued before they came to newcomers", () => {
    scene.join("feed");
    scene.hear("feed", publish("load", 7));
    scene.join("late");
    expect(lastOf("late")).toEqual({});
    expect(scene.sockets.payloads("late", "event")).toMatchObject([{ event: "load", data: 7 }]);
  });

  it("refuses a value that it could not store, and tells it to nobody", () => {
    scene.join("feed");
    scene.join("chart");
    scene.hear("feed", publish("load", 7));
    scene.database.failing = true;
    scene.flush();
    scene.database.failing = false;
    expect(scene.sockets.payloads("feed", "error")).toMatchObject([{ code: "internal" }]);
    expect(scene.sockets.payloads("chart", "event")).toEqual([]);
    scene.join("late");
    expect(lastOf("late")).toEqual({});
  });

  it("keeps a value whose row could not be deleted", () => {
    scene.ask(PUBLISHER, { type: "publish", payload: { event: "load", data: 7 } });
    const { lastValues } = scene.room.special;
    const full = "BEFORE DELETE ON last_values BEGIN SELECT RAISE(FAIL, 'full'); END";
    scene.database.query(`CREATE TRIGGER full ${full}`);
    expect(() => lastValues?.forget("load")).toThrow("full");
    scene.join("late");
    expect(lastOf("late")).toMatchObject({ load: { data: 7 } });
  });

  it("shows nobody who else watches", () => {
    scene.join("a");
    scene.join("b");
    expect(scene.sockets.of("a").map(({ type }) => type)).toEqual(["joined_room"]);
    expect(scene.sockets.payloads("b", "joined_room")[0]?.["users"]).toEqual([]);
  });
});

describe("a publish that is refused", () => {
  it("is answered by an ack when it had a messageId, by an error when not", () => {
    scene.join("reader", { permissions: ["read"] });
    scene.hear("reader", publish("load", 1));
    scene.hear("reader", { ...publish("load", 1), messageId: "p" });
    scene.hear("reader", { type: "nope", messageId: "u" });
    scene.flush();
    const told = scene.sockets.of("reader").slice(1);
    expect(told.map(({ type, messageId }) => [type, messageId])).toEqual([
      ["error", undefined],
      ["ack", "p"],
      ["ack", "u"],
    ]);
  });
});
