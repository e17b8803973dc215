import { describe, expect, it } from "vitest";
import { PacketQuota } from "../../../../src/room/quota/packet-quota.ts";
import { T0 } from "../support/scene.ts";

describe("the quota of a client of a team's own server of Socket.IO (P21.11)", () => {
  it("lets ten seconds' worth of packets through at once, then as many as a second may have", () => {
    const quota = new PacketQuota({ packetsPerSecond: 3, bytesPerSecond: 0 }, T0);
    const at = (now: number) => Array.from({ length: 31 }, () => quota.take(1, now));
    expect(at(T0).filter(Boolean)).toHaveLength(30);
    expect(at(T0 + 1_000).filter(Boolean)).toHaveLength(3);
  });

  it("weighs them too", () => {
    const quota = new PacketQuota({ packetsPerSecond: 0, bytesPerSecond: 10 }, T0);
    expect([quota.take(60, T0), quota.take(60, T0), quota.take(40, T0)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(quota.take(10, T0 + 1_000)).toBe(true);
  });

  it("counts nothing where there is no bound", () => {
    const quota = new PacketQuota({ packetsPerSecond: 0, bytesPerSecond: 0 }, T0);
    expect(Array.from({ length: 5_000 }, () => quota.take(1_000_000, T0))).not.toContain(false);
  });
});
