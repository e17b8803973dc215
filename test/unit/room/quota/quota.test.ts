import { describe, expect, it, vi } from "vitest";
import { countFrame, openConnection } from "../../../../src/room/connections/connection.ts";
import { fullBucket, take } from "../../../../src/room/quota/quota.ts";
import { RequestQuota } from "../../../../src/room/quota/request-quota.ts";
import { limitsOf } from "../../../../src/testing/room-life.ts";
import { connection } from "../support/connection.ts";
import { T0 } from "../support/scene.ts";

describe("the quota", () => {
  const rate = { perSecond: 2, burst: 3 };

  it("lets a burst through, then one for each refill, and says how long to wait", () => {
    let bucket = fullBucket(rate, T0);
    const tryAt = (now: number) => {
      const taken = take(bucket, rate, now);
      bucket = taken.bucket;
      return taken.allowed ? "ok" : taken.retryAfterMs;
    };
    expect([tryAt(T0), tryAt(T0), tryAt(T0), tryAt(T0)]).toEqual(["ok", "ok", "ok", 500]);
    expect([tryAt(T0 + 400), tryAt(T0 + 500), tryAt(T0 + 500)]).toEqual([100, "ok", 500]);
  });

  it("never holds more than a burst, and a clock that jumps back gives nothing", () => {
    const { bucket } = take({ tokens: 0, at: T0 }, rate, T0 + 3_600_000);
    expect(bucket.tokens).toBe(2);
    expect(take({ tokens: 0, at: T0 }, rate, T0 - 3_600_000).allowed).toBe(false);
  });

  it("takes all or nothing, and lets what costs more than a burst wait for a full bucket, into debt", () => {
    const half = { tokens: 2, at: T0 };
    expect(take(half, rate, T0, 3)).toMatchObject({ allowed: false, retryAfterMs: 500 });
    const { bucket } = take(fullBucket(rate, T0), rate, T0, 5);
    expect(bucket.tokens).toBe(-2);
    expect(take(bucket, rate, T0)).toMatchObject({ allowed: false, retryAfterMs: 1_500 });
  });

  it("calls two bursts of refusals flooding, unless the bucket recovers between", () => {
    const few = limitsOf({ LIMIT_FRAMES_PER_SECOND: "2", LIMIT_FRAMES_BURST: "2" });
    const peer = openConnection("a", connection("a").session, few, T0);
    const say = (times: number, now: number) =>
      Array.from({ length: times }, () => countFrame(peer, few, now, 1).verdict);
    expect(say(5, T0)).toEqual(["admitted", "admitted", "refused", "refused", "refused"]);
    expect(say(5, T0 + 10_000)).toEqual(["admitted", "admitted", "refused", "refused", "refused"]);
    expect(say(1, T0 + 10_000)).toEqual(["flooding"]);
  });

  it("of requests is one person's, and as wide as all of their sockets", () => {
    const quota = new RequestQuota(
      limitsOf({ LIMIT_FRAMES_BURST: "2", LIMIT_CONNECTIONS_PER_USER: "3" }),
    );
    const asked = Array.from({ length: 7 }, () => quota.refuses("ada", T0)?.code);
    expect(asked).toEqual([...Array.from({ length: 6 }, () => undefined), "rate_limited"]);
    expect(quota.refuses("ben", T0)).toBeUndefined();
  });

  it("of bytes lets a burst through, then refuses until there are enough, and no frame is too long for it", () => {
    const slow = limitsOf({ LIMIT_BYTES_PER_SECOND: "1000", LIMIT_BYTES_BURST: "2000" });
    const peer = openConnection("a", connection("a").session, slow, T0);
    const say = (bytes: number, now = T0) => {
      const admittance = countFrame(peer, slow, now, bytes);
      return admittance.verdict === "refused" ? admittance.retryAfterMs : admittance.verdict;
    };
    expect([say(1_500), say(500), say(500), say(1)]).toEqual(["admitted", "admitted", 500, 1]);
    expect([say(3_000, T0 + 1_000), say(3_000, T0 + 2_000)]).toEqual([1_000, "admitted"]);
    expect(say(1, T0 + 2_000)).toBe(1_001);
  });

  it("of bytes may be turned off", () => {
    const free = limitsOf({ LIMIT_BYTES_PER_SECOND: "0" });
    const peer = openConnection("a", connection("a").session, free, T0);
    const say = () => countFrame(peer, free, T0, 1_000_000).verdict;
    expect(Array.from({ length: 50 }, say)).toEqual(Array.from({ length: 50 }, () => "admitted"));
  });

  it("of requests counts the bytes of bodies too", () => {
    const quota = new RequestQuota(
      limitsOf({ LIMIT_BYTES_BURST: "2000", LIMIT_CONNECTIONS_PER_USER: "3" }),
    );
    const ask = (bytes: number) => quota.refuses("ada", T0, bytes)?.code;
    expect([ask(6_000), ask(1), ask(0)]).toEqual([undefined, "rate_limited", undefined]);
  });

  it("of requests looks through a crowd once a refill, not at each request", () => {
    const quota = new RequestQuota(
      limitsOf({ LIMIT_FRAMES_BURST: "20", LIMIT_FRAMES_PER_SECOND: "10" }),
    );
    const looks = vi.spyOn(Map.prototype, Symbol.iterator as unknown as "entries");
    try {
      const ask = (now: number) => {
        for (let i = 0; i < 2_000; i++) quota.refuses(`u${i}`, now);
        return looks.mock.calls.length;
      };
      expect([ask(T0), ask(T0 + 1_999), ask(T0 + 2_000)]).toEqual([1, 1, 2]);
      expect(ask(T0 - 3_600_000)).toBe(3);
    } finally {
      looks.mockRestore();
    }
  });

  it("of requests is not reset by a crowd of other names", () => {
    const quota = new RequestQuota(
      limitsOf({ LIMIT_FRAMES_BURST: "1", LIMIT_CONNECTIONS_PER_USER: "1" }),
    );
    quota.refuses("ada", T0);
    for (let i = 0; i < 2_000; i++) quota.refuses(`u${i}`, T0);
    expect(quota.refuses("ada", T0)).toMatchObject({ code: "rate_limited", retryAfterMs: 50 });
  });
});
