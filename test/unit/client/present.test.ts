import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { frame, type Scene, scene } from "./support/scene.ts";

describe("what this user shows, where the server says how often that is told,", () => {
  const limits = { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 };
  const shown = ({ network }: Scene) =>
    network.socket.of("presence").map(({ payload }) => payload?.data);

  it("goes out so often, the first at once and the last too, and takes nothing of the quota (P15.10)", async () => {
    const opened = await scene();
    await opened.greet({ limits: { ...limits, presencePerSecond: 30 } });
    const { clock, network, room } = opened;
    room.present({ at: -1 });
    await settle();
    expect(shown(opened)).toEqual([{ at: -1 }]);
    for (let at = 0; at < 1_200; at += 1) {
      room.present({ at });
      await clock.advance(1_000 / 120);
    }
    await clock.advance(34);
    expect(shown(opened).at(-1)).toEqual({ at: 1_199 });
    expect(shown(opened).length).toBeGreaterThan(270);
    expect(shown(opened).length).toBeLessThanOrEqual(302);
    for (let at = 0; at < 40; at += 1) expect(room.publish("e", at)).toBe(true);
    expect(network.reported).toEqual([]);
  });

  it("holds up nothing that goes by the quota, and is held up by none of it", async () => {
    const opened = await scene();
    await opened.greet({ limits: { ...limits, presencePerSecond: 30 } });
    const { clock, network, room } = opened;
    for (let at = 0; at < 100; at += 1) room.publish(`e-${at % 60}`, at, { conflate: true });
    room.present(1);
    await settle();
    expect(shown(opened)).toEqual([1]);
    room.present(2);
    await clock.advance(34);
    expect(shown(opened)).toEqual([1, 2]);
    await clock.advance(10_000);
    expect(network.socket.of("publish").length).toBeGreaterThanOrEqual(60);
  });

  it("goes on when the clock has been set back", async () => {
    let nowMs = 1_000_000_000_000;
    const opened = await scene({ environment: { now: () => nowMs } });
    await opened.greet({ limits: { ...limits, presencePerSecond: 30 } });
    opened.room.present("here");
    await settle();
    nowMs -= 3_600_000;
    opened.room.present("there");
    await opened.clock.advance(1_000);
    expect(shown(opened)).toEqual(["here", "there"]);
  });

  it("goes out again when a refusal may have hit the last one, after the rest that it asks for", async () => {
    const opened = await scene();
    await opened.greet({ limits: { ...limits, presencePerSecond: 30 } });
    const { clock, network, room } = opened;
    room.present("here");
    await clock.advance(1_000);
    const error = { code: "rate_limited", message: "no", retryable: true, retryAfterMs: 500 };
    network.socket.say(frame("error", error));
    room.present("there");
    await clock.advance(499);
    expect(shown(opened)).toEqual(["here"]);
    await clock.advance(1);
    expect(shown(opened)).toEqual(["here", "there"]);
    network.socket.say(frame("error", error));
    await clock.advance(500);
    expect(shown(opened)).toEqual(["here", "there", "there"]);
  });
});
