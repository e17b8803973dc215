import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NO_COUNTS } from "../../../../src/metrics/counts.ts";
import { exposition } from "../../../../src/metrics/exposition.ts";
import { type Answer, askServer, Feed } from "../../../../src/web/ops/numbers/feed.ts";

const TEXT: Answer = {
  kind: "text",
  text: exposition({ counts: NO_COUNTS, connections: 3, rooms: 1 }),
};

let answer: Answer;
let asked: number;
let feed: Feed;
beforeEach(() => {
  vi.useFakeTimers();
  answer = TEXT;
  asked = 0;
  feed = new Feed(async () => {
    asked += 1;
    return answer;
  }, Date.now);
});
afterEach(() => {
  feed.pause();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a feed", () => {
  it("asks at once and every four seconds, and tells who listens", async () => {
    let told = 0;
    feed.subscribe(() => {
      told += 1;
    });
    feed.start();
    feed.start();
    await pass(8_000);
    expect([asked, told]).toEqual([3, 3]);
    expect(feed.state).toMatchObject({ state: "showing", paused: false });
    expect(feed.state.state === "showing" && feed.state.readings.length).toBe(3);
  });

  it("asks nothing while it is paused, keeps what it has, and goes on at once", async () => {
    feed.start();
    await pass(0);
    feed.pause();
    await pass(60_000);
    expect(asked).toBe(1);
    expect(feed.state).toMatchObject({
      state: "showing",
      paused: true,
      readings: [{ connections: 3 }],
    });
    feed.start();
    await pass(0);
    expect(asked).toBe(2);
    expect(feed.state).toMatchObject({ paused: false });
  });

  it("keeps its numbers through a problem, and says what it is", async () => {
    feed.start();
    await pass(0);
    answer = { kind: "problem", words: "down" };
    await pass(4_000);
    expect(feed.state).toMatchObject({ problem: "down", readings: [{ connections: 3 }] });
    answer = { kind: "text", text: "<!doctype html>" };
    await pass(4_000);
    expect(feed.state).toMatchObject({ problem: "The server's answer is no metrics." });
    answer = TEXT;
    await pass(4_000);
    expect(feed.state).not.toHaveProperty("problem");
  });

  it("stops at a wrong key", async () => {
    answer = { kind: "wrong_key" };
    feed.start();
    await pass(60_000);
    feed.start();
    await pass(60_000);
    expect([asked, feed.state]).toEqual([1, { state: "wrong_key" }]);
  });
});

describe("asking a server", () => {
  const ask = (key = "key") => askServer(key, new AbortController().signal);

  it("brings the key in a header alone", async () => {
    const fetching = vi.fn(async (..._: unknown[]) => new Response("text"));
    vi.stubGlobal("fetch", fetching);
    expect(await ask("the-key")).toEqual({ kind: "text", text: "text" });
    const [address, { headers }] = fetching.mock.calls[0] as [string, { headers: object }];
    expect([address, headers]).toEqual(["/v1/metrics", { authorization: "Bearer the-key" }]);
  });

  it.each([
    [401, { kind: "wrong_key" }],
    [404, { kind: "problem" }],
    [500, { kind: "problem" }],
    [503, { kind: "problem" }],
  ])("has words for status %s", async (status, expected) => {
    vi.stubGlobal("fetch", async () => new Response("", { status }));
    expect(await ask()).toMatchObject(expected);
  });

  it("has words for a server that is away, and for a key that cannot be one", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    expect(await ask()).toMatchObject({ kind: "problem" });
    expect(await ask("schlüssel")).toEqual({ kind: "wrong_key" });
  });
});
