import { describe, expect, it } from "vitest";
import { NO_COUNTS, NO_DOCUMENT_COUNTS } from "../../../../src/metrics/counts.ts";
import { exposition } from "../../../../src/metrics/exposition.ts";
import { parseExposition } from "../../../../src/web/ops/numbers/exposition.ts";
import { momentsOf, remember } from "../../../../src/web/ops/numbers/history.ts";
import {
  disconnectsIn,
  type Reading,
  readingOf,
  refusalsIn,
} from "../../../../src/web/ops/numbers/reading.ts";
import { stretchOf } from "../../../../src/web/ops/numbers/stretch.ts";
import { bytesWords, rateWords } from "../../../../src/web/ops/numbers/words.ts";

const NOTHING = readingOf(exposition({ counts: NO_COUNTS, connections: 0, rooms: 0 }), 0);
const reading = (at: number, some: Partial<Reading> = {}): Reading => ({ ...NOTHING, ...some, at });

it.each<[readonly number[], readonly [number, number]]>([
  [[1_000], [940, 1_000]],
  [
    [990, 1_000],
    [940, 1_000],
  ],
  [
    [800, 900, 1_000],
    [800, 1_000],
  ],
  [[], [0, 60]],
])(
  "charts of readings at %j are a minute long at least, and end with the newest",
  (at, stretch) => {
    expect(stretchOf(at)).toEqual(stretch);
  },
);

describe("the page's parser", () => {
  it("reads names, labels with escapes, values and times, and skips comments", () => {
    const text = [
      "# HELP a A thing.",
      "a 1",
      'b{c="d",e="back\\\\slash \\"quoted\\"\\nline, with } and ="} 2.5 1700000000000',
      "",
      'd_bucket{le="+Inf"} +Inf',
      "e -1.5e3",
    ].join("\n");
    expect(parseExposition(text)).toEqual([
      { name: "a", labels: {}, value: 1 },
      { name: "b", labels: { c: "d", e: 'back\\slash "quoted"\nline, with } and =' }, value: 2.5 },
      { name: "d_bucket", labels: { le: "+Inf" }, value: Number.POSITIVE_INFINITY },
      { name: "e", labels: {}, value: -1500 },
    ]);
  });

  it.each(["<!doctype html>", "a", "a one", '{"error": 1}'])("refuses %s", (text) => {
    expect(() => parseExposition(text)).toThrow(SyntaxError);
  });
});

describe("a reading", () => {
  it("is made of what the server writes", () => {
    const text = exposition({
      counts: {
        ...NO_COUNTS,
        messages: 5,
        bytesIn: 10,
        bytesOut: 20,
        refusals: { banned: 2, rate_limited: 1, "poll closed": 3, "quiz closed": 4 },
        ruleFailures: { "poll before": 5 },
        disconnects: { "1000 clean": 4, "1006 abnormal": 3 },
        flushes: { "1": 2, "5": 1 },
        flushItems: 6,
        documents: { ...NO_DOCUMENT_COUNTS, edits: 8 },
      },
      connections: 7,
      rooms: 3,
      documents: { connections: 9, open: 2 },
    });
    const made = readingOf(text, 1_000);
    expect(made).toMatchObject({
      at: 1_000,
      connections: 7,
      rooms: 3,
      documents: 2,
      editors: 9,
      edits: 8,
      messages: 5,
      bytesIn: 10,
      bytesOut: 20,
      flushes: 3,
      flushItems: 6,
    });
    expect(Object.fromEntries(made.refusals)).toEqual({
      banned: 2,
      rate_limited: 1,
      "poll: closed": 3,
      "quiz: closed": 4,
    });
    expect(refusalsIn(made)).toBe(10);
    expect(made.ruleFailures).toEqual([{ kind: "poll", hook: "before", count: 5 }]);
    expect(disconnectsIn(made)).toEqual({ all: 7, abnormal: 3 });
  });

  it("is not made of somebody else's metrics", () => {
    expect(() => readingOf("go_goroutines 5\n", 0)).toThrow(/hibiki_connections/);
  });
});

describe("rates", () => {
  it("are missing at first, then over what there is, then over the window", () => {
    const readings = Array.from({ length: 8 }, (_, i) => reading(i * 4_000, { messages: i * i }));
    const rates = momentsOf(readings).map(({ messagesPerSecond }) => messagesPerSecond);
    expect(rates).toEqual([null, 1 / 4, 4 / 8, 9 / 12, 16 / 16, 24 / 16, 32 / 16, 40 / 16]);
  });

  it("take a counter that fell for one that began anew", () => {
    const [, second] = momentsOf([
      reading(0, { messages: 100 }),
      reading(10_000, { messages: 20 }),
    ]);
    expect(second?.messagesPerSecond).toBe(2);
  });

  it("know no flush size while nothing is flushed", () => {
    const moments = momentsOf([reading(0), reading(4_000, { flushes: 2, flushItems: 7 })]);
    expect(moments.map(({ flushSize }) => flushSize)).toEqual([null, 3.5]);
    expect(momentsOf([reading(0), reading(4_000)]).at(-1)?.flushSize).toBeNull();
  });

  it("count abnormal ends by the minute", () => {
    const disconnects = [
      { code: "1006", clean: false, count: 1 },
      { code: "1000", clean: true, count: 9 },
    ];
    const [, second] = momentsOf([reading(0), reading(4_000, { disconnects })]);
    expect(second?.abnormalPerMinute).toBe(15);
  });
});

describe("the history", () => {
  it("forgets the oldest readings", () => {
    let readings: readonly Reading[] = [];
    for (let i = 0; i < 300; i++) readings = remember(readings, reading(i));
    expect([readings.length, readings[0]?.at, readings.at(-1)?.at]).toEqual([225, 75, 299]);
  });
});

describe("words", () => {
  it.each([
    [null, "–"],
    [0, "0"],
    [0.25, "0.3"],
    [1234.5, "1,235"],
  ])("say the rate %s as %s", (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });

  it.each([
    [null, "–"],
    [0, "0 B"],
    [1_023, "1,023 B"],
    [1_536, "1.5 KiB"],
    [200 * 1024 ** 2, "200 MiB"],
    [5_000 * 1024 ** 4, "5,000 TiB"],
  ])("say %s bytes as %s", (bytes, words) => {
    expect(bytesWords(bytes)).toBe(words);
  });
});
