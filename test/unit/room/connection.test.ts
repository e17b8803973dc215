import { describe, expect, it } from "vitest";
import type { Wire } from "../../../src/protocol/subprotocol.ts";
import { isSilent } from "../../../src/room/connection.ts";
import { connection } from "./support/connection.ts";
import { T0 } from "./support/scene.ts";

describe("silence", () => {
  it("is longer than a heartbeat and its grace since the last frame or answered ping", () => {
    const silentAt = (now: number, answeredAt?: number, wire: Wire = "json") =>
      isSilent(connection("a", { wire }), answeredAt, 30_000, now);
    expect([silentAt(T0 + 40_000), silentAt(T0 + 40_001)]).toEqual([false, true]);
    expect(silentAt(T0 + 40_001, T0 + 1)).toBe(false);
    expect(silentAt(T0 + 3_600_000, undefined, "plain")).toBe(false);
  });
});
