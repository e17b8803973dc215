import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LastSeen, lastSeen, rememberSeen } from "../../../src/web/chat/last-seen.ts";
import { unreadWords } from "../../../src/web/chat/unread.ts";
import { type UnreadPage, unreadPageOf } from "../../../src/web/chat/unread-page.ts";
import { type UnreadAnswer, UnreadWatch } from "../../../src/web/chat/unread-watch.ts";
import { emptyStorage } from "./support/storage.ts";

describe("what was seen last", () => {
  it("is kept for one person and a bounded number of rooms, the latest of them", () => {
    const kept = emptyStorage();
    for (let i = 0; i < 20; i++) rememberSeen(kept, "ann", `r${i}`, { epoch: "e", seq: i });
    expect([...lastSeen(kept, "ann").keys()]).toEqual(
      Array.from({ length: 12 }, (_, i) => `r${i + 8}`),
    );
    expect(lastSeen(kept, "ben").size).toBe(0);
    rememberSeen(kept, "ann", "42", { epoch: "e", seq: 1 });
    expect([...lastSeen(kept, "ann").keys()].at(-1)).toBe("42");
    rememberSeen(kept, "ben", "r", { epoch: "e", seq: 1 });
    expect(lastSeen(kept, "ann").size).toBe(0);
  });

  it("is nothing when what is stored cannot be read", () => {
    const kept = emptyStorage();
    for (const text of ["{", "[]", '{"userId":"ann","rooms":[["r",{"seq":"1"}],["r"],7]}']) {
      kept.setItem("hibiki.seen", text);
      expect(lastSeen(kept, "ann").size).toBe(0);
    }
  });
});

it("counts what others wrote and did not delete", () => {
  const messages = [
    { seq: 1, userId: "ann" },
    { seq: 2, userId: "ben" },
    { seq: 3, deleted: true },
  ];
  const page = unreadPageOf({ epoch: "e", messages, hasMore: true }, "ben");
  expect(page).toEqual({ epoch: "e", unread: { count: 1, isMore: true } });
  expect(unreadPageOf({ error: {} }, "ben")).toBeUndefined();
  expect([
    unreadWords({ count: 3, isMore: false }),
    unreadWords({ count: 20, isMore: true }),
    unreadWords({ count: 0, isMore: true }),
  ]).toEqual(["3", "20+", "new"]);
});

describe("rooms that one is not in", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const news = (count: number, epoch = "e"): UnreadPage => ({
    epoch,
    unread: { count, isMore: false },
  });

  function watching(
    seen: Record<string, LastSeen>,
    answer: (room: string, after: number) => UnreadAnswer | Promise<UnreadAnswer>,
  ) {
    const asked: string[] = [];
    const signals: AbortSignal[] = [];
    const rooms = new Map(Object.entries(seen));
    const watch = new UnreadWatch({
      rooms: () => rooms,
      ask: async (room, after, signal) => {
        asked.push(`${room} ${after}`);
        signals.push(signal);
        return answer(room, after);
      },
      now: Date.now,
    });
    const counts = () =>
      Object.fromEntries([...watch.counts].map(([name, { count }]) => [name, count]));
    return { watch, rooms, asked, signals, counts };
  }

  it("are asked at once, then seldom, and not at all while the page is hidden", async () => {
    const { watch, asked, counts } = watching(
      { a: { epoch: "e", seq: 4 }, b: { epoch: "e", seq: 0 } },
      (room) => news(room === "a" ? 2 : 0),
    );
    watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, counts()]).toEqual([["a 4", "b 0"], { a: 2 }]);
    await vi.advanceTimersByTimeAsync(44_000);
    expect(asked.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.length).toBe(4);
    watch.pause();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked.length).toBe(4);
    watch.start();
    watch.pause();
    watch.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.length).toBe(6);
  });

  it("have nothing new once entered, though an answer was on its way", async () => {
    const { watch, rooms, counts } = watching({ a: { epoch: "e", seq: 4 } }, () => news(2));
    watch.start();
    watch.entered("a");
    rooms.delete("a");
    await vi.advanceTimersByTimeAsync(0);
    expect(counts()).toEqual({});
  });

  it("are all new after they began anew, and never asked again where one may not look", async () => {
    const { watch, asked, counts } = watching(
      { a: { epoch: "old", seq: 9 }, b: { epoch: "e", seq: 1 } },
      (room, after) => (room === "b" ? "denied" : news(after === 0 ? 3 : 0, "new")),
    );
    watch.start();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(asked).toEqual(["a 9", "a 0", "b 1", "a 9", "a 0"]);
    expect(counts()).toEqual({ a: 3 });
  });

  it("are left in peace for a round when the server is away", async () => {
    const seen = { a: { epoch: "e", seq: 1 }, b: { epoch: "e", seq: 1 } };
    const { watch, asked } = watching(seen, () => "away");
    watch.start();
    await vi.advanceTimersByTimeAsync(44_000);
    expect(asked).toEqual(["a 1"]);
  });

  it("are told of though one before them cannot tell, or never answers", async () => {
    const seen = Object.fromEntries(["a", "b", "c"].map((name) => [name, { epoch: "e", seq: 1 }]));
    const { watch, asked, signals, counts } = watching(seen, (room) => {
      if (room === "a") return "failed";
      if (room === "c") return news(2);
      const signal = signals.at(-1);
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve("failed")));
    });
    watch.start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([asked, counts()]).toEqual([["a 1", "b 1", "c 1"], { c: 2 }]);
    watch.pause();
  });
});
