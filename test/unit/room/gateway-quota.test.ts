import { describe, expect, it } from "vitest";
import { GatewayQuota } from "../../../src/room/quota/gateway-quota.ts";

const T0 = 1_000_000;
const LIMITS = {
  framesPerSecond: 20,
  framesBurst: 50,
  presencePerSecond: 30,
  bytesPerSecond: 1_000,
  bytesBurst: 4_000,
};
/** Four times what one connection may say at once. */
const BURST = 4 * (50 + 30);

describe("the quota of a connection of many rooms", () => {
  it("is four times that of one connection", () => {
    const quota = new GatewayQuota(LIMITS, T0);
    for (let frame = 0; frame < BURST; frame++) {
      expect(quota.take(1, T0)).toEqual({ verdict: "admitted" });
    }
    expect(quota.take(1, T0)).toMatchObject({ verdict: "refused", retryAfterMs: 5 });
    expect(quota.take(1, T0 + 5)).toEqual({ verdict: "admitted" });
  });

  it("counts bytes, and none where they have no limit", () => {
    const quota = new GatewayQuota(LIMITS, T0);
    expect(quota.take(16_000, T0)).toEqual({ verdict: "admitted" });
    expect(quota.take(1, T0)).toMatchObject({ verdict: "refused" });
    const free = new GatewayQuota({ ...LIMITS, bytesPerSecond: 0 }, T0);
    expect(free.take(1e9, T0)).toEqual({ verdict: "admitted" });
    expect(free.take(1e9, T0)).toEqual({ verdict: "admitted" });
  });

  it("counts what is said to all rooms for as many", () => {
    const quota = new GatewayQuota(LIMITS, T0);
    for (let frame = 0; frame < 10; frame++) quota.take(1, T0, 32);
    expect(quota.take(1, T0)).toMatchObject({ verdict: "refused" });
  });

  it("is flooded by refusals that go on, and not by those that stop", () => {
    const quota = new GatewayQuota(LIMITS, T0);
    const last = (count: number, now: number) => {
      let verdict = "";
      for (let frame = 0; frame < count; frame++) ({ verdict } = quota.take(1, now));
      return verdict;
    };
    last(BURST, T0);
    expect(last(BURST - 1, T0)).toBe("refused");
    const calm = T0 + 60_000;
    expect(last(BURST, calm)).toBe("admitted");
    expect(last(BURST, calm)).toBe("flooding");
  });
});
