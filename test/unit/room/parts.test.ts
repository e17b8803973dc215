import { describe, expect, it } from "vitest";
import { EncodedFrame } from "../../../src/protocol/encoded-frame.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { readSettings } from "../../../src/protocol/settings.ts";
import type { Wire } from "../../../src/protocol/subprotocol.ts";
import {
  type Connection,
  countFrame,
  isSilent,
  openConnection,
} from "../../../src/room/connection.ts";
import { DedupeWindow } from "../../../src/room/dedupe-window.ts";
import type { Audience } from "../../../src/room/effect.ts";
import { fanOut, type Outgoing } from "../../../src/room/fan-out.ts";
import { flushDelayMs } from "../../../src/room/flush-pace.ts";
import { Presence } from "../../../src/room/presence.ts";
import { fullBucket, take } from "../../../src/room/quota.ts";
import { Receipts } from "../../../src/room/receipts.ts";
import { RequestQuota } from "../../../src/room/request-quota.ts";

const T0 = Date.UTC(2026, 0, 1);

function limits(vars: Readonly<Record<string, string>> = {}) {
  const read = readSettings({ AUTH_SECRET: "s", ...vars });
  if (!read.ok) throw new Error(read.problem);
  return read.settings.limits;
}

function connection(
  id: string,
  { userId = id, wire = "json" as Wire, joinedAt = 0 } = {},
): Connection {
  const session = {
    userId,
    name: userId,
    permissions: [],
    expiresAt: T0 + 60_000,
    wire,
    transport: "websocket" as const,
    address: "a",
    connectedAt: T0,
  };
  return { ...openConnection(id, session, limits(), T0), joinedAt };
}

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

  it("calls two bursts of refusals flooding, unless the bucket recovers between", () => {
    const few = limits({ LIMIT_FRAMES_PER_SECOND: "2", LIMIT_FRAMES_BURST: "2" });
    const peer = openConnection("a", connection("a").session, few, T0);
    const say = (times: number, now: number) =>
      Array.from({ length: times }, () => countFrame(peer, few, now).verdict);
    expect(say(5, T0)).toEqual(["admitted", "admitted", "refused", "refused", "refused"]);
    expect(say(5, T0 + 10_000)).toEqual(["admitted", "admitted", "refused", "refused", "refused"]);
    expect(say(1, T0 + 10_000)).toEqual(["flooding"]);
  });

  it("of requests is one person's, and as wide as all the sockets of an address", () => {
    const quota = new RequestQuota(
      limits({ LIMIT_FRAMES_BURST: "2", LIMIT_CONNECTIONS_PER_IP: "3" }),
    );
    const asked = Array.from({ length: 7 }, () => quota.refuses("ada", T0)?.code);
    expect(asked).toEqual([...Array.from({ length: 6 }, () => undefined), "rate_limited"]);
    expect(quota.refuses("ben", T0)).toBeUndefined();
  });

  it("of requests is not reset by a crowd of other names", () => {
    const quota = new RequestQuota(
      limits({ LIMIT_FRAMES_BURST: "1", LIMIT_CONNECTIONS_PER_IP: "1" }),
    );
    quota.refuses("ada", T0);
    for (let i = 0; i < 2_000; i++) quota.refuses(`u${i}`, T0);
    expect(quota.refuses("ada", T0)).toMatchObject({ code: "rate_limited", retryAfterMs: 50 });
  });
});

describe("silence", () => {
  it("is longer than a heartbeat and its grace since the last frame or answered ping", () => {
    const silentAt = (now: number, answeredAt?: number, wire: Wire = "json") =>
      isSilent(connection("a", { wire }), answeredAt, 30_000, now);
    expect([silentAt(T0 + 40_000), silentAt(T0 + 40_001)]).toEqual([false, true]);
    expect(silentAt(T0 + 40_001, T0 + 1)).toBe(false);
    expect(silentAt(T0 + 3_600_000, undefined, "plain")).toBe(false);
  });
});

describe("the dedupe window", () => {
  const accepted = (seq: number, userId: string, messageId: string, at = T0) => ({
    seq,
    userId,
    messageId,
    at,
  });

  it("remembers for five minutes, not a millisecond more", () => {
    const dedupe = new DedupeWindow();
    dedupe.remember(accepted(1, "ada", "m"));
    expect(dedupe.savedId("ada", "m", T0 + BOUNDS.dedupeWindowMs - 1)).toBe(1);
    expect(dedupe.savedId("ada", "m", T0 + BOUNDS.dedupeWindowMs)).toBeUndefined();
    dedupe.expire(T0 + BOUNDS.dedupeWindowMs - 1);
    expect(dedupe.savedId("ada", "m", T0)).toBe(1);
    dedupe.expire(T0 + BOUNDS.dedupeWindowMs);
    expect(dedupe.savedId("ada", "m", T0)).toBeUndefined();
  });

  it("tells two pairs apart that read the same when joined", () => {
    const dedupe = new DedupeWindow();
    dedupe.remember(accepted(1, "a", "bc"));
    dedupe.remember(accepted(2, "1:a", "bc"));
    expect(dedupe.savedId("ab", "c", T0)).toBeUndefined();
    expect(dedupe.savedId("a", "bc", T0)).toBe(1);
  });

  it("forgets what a failed transaction accepted, and nothing before it", () => {
    const dedupe = new DedupeWindow();
    for (const seq of [1, 2, 3]) dedupe.remember(accepted(seq, "ada", `m${seq}`));
    dedupe.forgetAfter(1);
    expect(["m1", "m2", "m3"].map((id) => dedupe.savedId("ada", id, T0))).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });
});

describe("presence", () => {
  it("counts people, not connections: first one in, last one out", () => {
    const presence = new Presence();
    const ada = { userId: "ada", name: "Ada" };
    expect([presence.enter(ada), presence.enter({ ...ada, name: "Ada L." })]).toEqual([
      true,
      false,
    ]);
    presence.enter({ userId: "ben", name: "Ben" });
    expect(presence.users()).toEqual([
      { userId: "ada", name: "Ada L." },
      { userId: "ben", name: "Ben" },
    ]);
    expect([presence.exit("ada"), presence.exit("ada"), presence.exit("ada")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe("receipts", () => {
  it("only move up, and wait to be written until they are", () => {
    const receipts = new Receipts(new Map([["ada", 5]]));
    receipts.advance("ada", 4);
    receipts.advance("ada", 5);
    expect(receipts.hasUnsaved).toBe(false);
    receipts.advance("ada", 6);
    receipts.advance("ada", 7);
    expect([...receipts.unsaved]).toEqual([["ada", 7]]);
    receipts.saved();
    expect(receipts.hasUnsaved).toBe(false);
    expect(receipts.upTo("ada")).toBe(7);
    expect(receipts.upTo("ben")).toBe(0);
  });

  it("show who joins the furthest of very many", () => {
    const many = Array.from(
      { length: BOUNDS.readsOnJoin + 1 },
      (_, i) => [`u${i}`, i + 1] as const,
    );
    const shown = new Receipts(new Map(many)).snapshot();
    expect(Object.keys(shown)).toHaveLength(BOUNDS.readsOnJoin);
    expect(shown).not.toHaveProperty("u0");
    expect(shown["u1000"]).toBe(1_001);
  });
});

describe("the pace of flushes", () => {
  it("is at once after quiet, and then a gap that grows with the readers to a bound", () => {
    expect(flushDelayMs(100, Number.NEGATIVE_INFINITY, 50, T0)).toBe(0);
    expect(flushDelayMs(100, T0, 50, T0)).toBe(6);
    expect(flushDelayMs(100, T0, 50, T0 + 4)).toBe(2);
    expect(flushDelayMs(100, T0, 50, T0 + 6)).toBe(0);
    expect(flushDelayMs(10_000, T0, 50, T0)).toBe(50);
    expect(flushDelayMs(10_000, T0, 0, T0)).toBe(0);
  });

  it("waits no longer than the gap when the clock jumps back", () => {
    expect(flushDelayMs(100, T0, 50, T0 - 3_600_000)).toBe(6);
  });
});

describe("the fan-out", () => {
  const out = (data: number, audience: Audience, owed = false): Outgoing => ({
    audience,
    frame: EncodedFrame.of({
      type: "event",
      timestamp: "t",
      payload: { event: "e", data, userId: "u" },
    }),
    place: data,
    ...(owed ? { owedToNewcomers: true } : {}),
  });

  /** What each connection is sent: the `data` of the frames of each message. */
  function heard(connections: readonly Connection[], outgoing: readonly Outgoing[]) {
    const sent: Record<string, number[][]> = {};
    fanOut(connections, outgoing, T0, ({ id }, message) => {
      const frame = JSON.parse(String(message));
      const frames: readonly { payload: { data: number } }[] =
        frame.type === "batch" ? frame.payload : [frame];
      sent[id] = [...(sent[id] ?? []), frames.map(({ payload }) => payload.data)];
    });
    return sent;
  }

  it("tells each audience in order: all, the others, other people, one alone", () => {
    const connections = [
      connection("ada-1", { userId: "ada" }),
      connection("ada-2", { userId: "ada" }),
      connection("ben"),
    ];
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "connection", connectionId: "ada-1" }),
      out(2, { to: "all-but-user", userId: "ada" }),
      out(3, { to: "all-but-connection", connectionId: "ada-1" }),
      out(4, { to: "connection", connectionId: "ada-1" }),
      out(5, { to: "connection", connectionId: "gone" }),
    ];
    expect(heard(connections, outgoing)).toEqual({
      "ada-1": [[0, 1, 4]],
      "ada-2": [[0, 3]],
      ben: [[0, 2, 3]],
    });
  });

  it("publishes over HTTP, from no connection, to everyone", () => {
    const outgoing = [out(0, { to: "all-but-connection", connectionId: undefined })];
    expect(heard([connection("ada")], outgoing)).toEqual({ ada: [[0]] });
  });

  it("answers nobody for a request that has no connection", () => {
    const outgoing = [out(0, { to: "connection", connectionId: undefined })];
    expect(heard([connection("ada")], outgoing)).toEqual({});
  });

  it("spares who joined in the middle what was told before, but not what is stored", () => {
    const outgoing = [
      out(0, { to: "all" }),
      out(1, { to: "all" }, true),
      out(2, { to: "all" }),
      out(3, { to: "all" }, true),
    ];
    expect(heard([connection("old"), connection("new", { joinedAt: 2 })], outgoing)).toEqual({
      old: [[0, 1, 2, 3]],
      new: [[1, 2, 3]],
    });
  });

  it("sends nothing to who is owed nothing, and one frame a message to a plain reader", () => {
    const outgoing = [
      out(0, { to: "all-but-user", userId: "ada" }),
      out(1, { to: "all-but-user", userId: "ada" }),
    ];
    const connections = [connection("ada"), connection("ben", { wire: "plain" })];
    expect(heard(connections, outgoing)).toEqual({ ben: [[0], [1]] });
  });
});
