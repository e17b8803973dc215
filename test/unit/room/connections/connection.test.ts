import { describe, expect, it } from "vitest";
import type { Wire } from "../../../../src/protocol/subprotocol.ts";
import { isSilent } from "../../../../src/room/connections/silence.ts";
import { limitsOf } from "../../../../src/testing/room-life.ts";
import { connection } from "../support/connection.ts";
import { T0 } from "../support/scene.ts";

describe("silence", () => {
  it("is longer than a heartbeat and its grace since the last frame or answered ping (P3.8)", () => {
    const silentAt = (now: number, answeredAt?: number, wire: Wire = "json") =>
      isSilent(connection("a", { wire }), answeredAt, limitsOf(), now);
    expect([silentAt(T0 + 40_000), silentAt(T0 + 40_001)]).toEqual([false, true]);
    expect(silentAt(T0 + 40_001, T0 + 1)).toBe(false);
  });

  it("is an hour for a client without a subprotocol, unless told otherwise", () => {
    const silentAt = (now: number, vars = {}) =>
      isSilent(connection("a", { wire: "plain" }), undefined, limitsOf(vars), now);
    expect([silentAt(T0 + 3_600_000), silentAt(T0 + 3_600_001)]).toEqual([false, true]);
    expect(silentAt(T0 + 1_001, { PLAIN_SILENCE_MS: "1000" })).toBe(true);
    expect(silentAt(T0 + 1e12, { PLAIN_SILENCE_MS: "0" })).toBe(false);
  });
});
