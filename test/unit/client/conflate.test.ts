import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import type { FakeSocket } from "./support/fake-network.ts";
import { frame, openScene, scene } from "./support/scene.ts";

/** What was published, in order. */
function values(socket: FakeSocket): readonly unknown[] {
  return socket.of("publish").map(({ payload }) => payload?.data);
}

describe("publishing 60 times a second with conflate", () => {
  it("keeps to the quota, and the last position goes out", async () => {
    const { clock, network, room } = await openScene();
    for (let tick = 0; tick < 600; tick += 1) {
      expect(room.publish("cursor", { tick }, { conflate: true })).toBe(true);
      await clock.advance(1_000 / 60);
    }
    await clock.advance(1_000);
    expect(values(network.socket).at(-1)).toEqual({ tick: 599 });
    expect(network.socket.of("publish").length).toBeLessThan(40 + 10 * 20);
    expect(network.socket.of("publish").length).toBeGreaterThan(200);
  });

  it("sends the newest of each of several events", async () => {
    const { clock, network, room } = await openScene();
    const random = seededRandom(11);
    const last = new Map<string, number>();
    for (let tick = 0; tick < 1_000; tick += 1) {
      const event = `e${Math.floor(random() * 5)}`;
      last.set(event, tick);
      room.publish(event, tick, { conflate: true });
      await clock.advance(5);
    }
    await clock.advance(2_000);
    const told = new Map(
      network.socket.of("publish").map(({ payload }) => [payload?.event, payload?.data]),
    );
    expect(told).toEqual(last);
  });

  it("sends again what a refusal may have hit", async () => {
    const { clock, network, room } = await openScene();
    room.publish("cursor", 1, { conflate: true });
    const error = { code: "rate_limited", message: "no", retryable: true, retryAfterMs: 500 };
    network.socket.say(frame("error", error));
    await clock.advance(499);
    expect(values(network.socket)).toEqual([1]);
    room.publish("cursor", 2, { conflate: true });
    await clock.advance(1_000);
    expect(values(network.socket)).toEqual([1, 2]);
  });

  it("sends again on the next connection what the last one may have swallowed, and nothing that has come back", async () => {
    const { clock, network, room, greet } = await scene();
    await greet({ origin: "mine" });
    for (const [event, data] of [
      ["arrived", { at: 1 }],
      ["outdated", { at: 1 }],
      ["lost", { at: 1 }],
      ["outdated", { at: 2 }],
    ] as const) {
      room.publish(event, data, { conflate: true });
      await clock.advance(1);
    }
    const echo = (event: string) =>
      frame("event", { event, data: { at: 1 }, userId: "ann" }, { origin: "mine" });
    network.socket.say(echo("arrived"), echo("outdated"));
    network.socket.close(1006);
    await clock.advance(1_000);
    await greet({ origin: "new" });
    const again = network.socket
      .of("publish")
      .map(({ payload }) => [payload?.event, payload?.data]);
    expect(again).toEqual([
      ["lost", { at: 1 }],
      ["outdated", { at: 2 }],
    ]);
  });

  it("keeps to the quota of bytes too", async () => {
    const { clock, network, room } = await openScene();
    const data = "x".repeat(16_000);
    for (let tick = 0; tick < 600; tick += 1) {
      room.publish("frame", data, { conflate: true });
      await clock.advance(1_000 / 60);
    }
    expect(network.socket.of("publish").length * 16_000).toBeLessThan(200_000 + 10 * 65_536);
    expect(network.socket.of("publish").length).toBeGreaterThan(40);
  });

  it("waits for a connection, and keeps the newest until there is one", async () => {
    const { network, room, greet } = await scene();
    expect(room.publish("cursor", 1, { conflate: true })).toBe(true);
    expect(room.publish("cursor", 2, { conflate: true })).toBe(true);
    await greet();
    expect(values(network.socket)).toEqual([2]);
  });

  it("drops a value that turns out too long, with its error, and holds up no other", async () => {
    const { clock, network, room, greet } = await scene();
    expect(room.publish("big", "x".repeat(70_000), { conflate: true })).toBe(true);
    await greet();
    for (let n = 0; n < 100; n += 1) room.publish("cursor", n, { conflate: true });
    await clock.advance(5_000);
    expect(values(network.socket).at(-1)).toBe(99);
    expect(network.reported).toMatchObject([{ code: "too_large" }]);
  });

  it("spends nothing of the quota on values that are too long", async () => {
    const { network, room, greet } = await scene();
    for (let n = 0; n < 4; n += 1) {
      room.publish(`big-${n}`, "x".repeat(65_536), { conflate: true });
    }
    room.publish("cursor", "y".repeat(16_000), { conflate: true });
    await greet();
    expect(values(network.socket)).toHaveLength(1);
    expect(network.reported).toHaveLength(4);
  });

  it("leaves other publishes as they were: dropped, and told, beyond the quota", async () => {
    const { room } = await openScene();
    const told = Array.from({ length: 60 }, (_, n) => room.publish("cursor", n));
    expect(told.filter(Boolean)).toHaveLength(45);
  });
});
