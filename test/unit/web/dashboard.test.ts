import { describe, expect, it } from "vitest";
import {
  type Board,
  inOrder,
  type Published,
  record,
  stretch,
} from "../../../src/web/dashboard/state/board.ts";
import { readingOf } from "../../../src/web/dashboard/state/reading.ts";
import { countSince, KEPT_S, lastOf } from "../../../src/web/dashboard/state/track.ts";
import { chartWords, valueWords } from "../../../src/web/dashboard/text/words.ts";
import { topicOf } from "../../../src/web/dashboard/topic-address.ts";

const START_S = 1_800_000_000;

function said(seconds: number, data: Published["data"], more: Partial<Published> = {}): Published {
  const timestamp = new Date((START_S + seconds) * 1_000).toISOString();
  return { event: "load", data, timestamp, ...more };
}

function boardAfter(...published: readonly Published[]): Board {
  return published.reduce(record, new Map());
}

function track(...published: readonly Published[]) {
  const found = boardAfter(...published).get("load");
  if (found === undefined) throw new Error("There is no such chart.");
  return {
    times: found.times.map((time) => time - START_S),
    series: Object.fromEntries(found.series),
  };
}

describe("what is charted", () => {
  it("is numbers, and the numbers in an object", () => {
    expect(readingOf(1.5)).toEqual(new Map([["value", 1.5]]));
    expect(readingOf({ user: 1, name: "x", system: 0, on: true })).toEqual(
      new Map([
        ["user", 1],
        ["system", 0],
      ]),
    );
    for (const other of ["1", null, true, [1, 2], {}, { a: "1" }]) {
      expect(readingOf(other)).toBeUndefined();
    }
  });

  it("is one chart for each event that has numbers", () => {
    const board = boardAfter(
      said(0, 1),
      said(1, "up", { event: "state" }),
      said(2, 2, { event: "b" }),
    );
    expect(inOrder(board).map(([name]) => name)).toEqual(["b", "load"]);
  });

  it("is a stretch of time that ends at the newest value, as long as asked or as there is", () => {
    const shown = (board: Board, seconds: number) => {
      const found = stretch(board, seconds);
      return found && [found.from - START_S, found.to - START_S];
    };
    expect(shown(new Map(), 300)).toBeUndefined();
    expect(shown(boardAfter(said(100, 1)), 300)).toEqual([40, 100]);
    const board = boardAfter(said(0, 1), said(200, 2), said(190, 2, { event: "b" }));
    expect(shown(board, 300)).toEqual([0, 200]);
    expect(shown(board, 60)).toEqual([140, 200]);
  });

  it("does not change for a value that was there already, as the last one on joining is", () => {
    const board = boardAfter(said(1, 1), said(2, 2));
    expect(record(board, said(2, 2))).toBe(board);
    expect(record(board, said(1, 7))).toBe(board);
  });
});

describe("a chart's lines", () => {
  it("are as long as each other, though one began or ended in between", () => {
    expect(track(said(0, { a: 1 }), said(1, { a: 2, b: 9 }), said(2, { b: 8 }))).toEqual({
      times: [0, 1, 2],
      series: { a: [1, 2, null], b: [null, 9, 8] },
    });
  });

  it("are interrupted where something may have been missed", () => {
    const missed = said(60, 2, { isAfterGap: true });
    expect(track(said(0, 1), missed)).toEqual({
      times: [0, 30, 60],
      series: { value: [1, null, 2] },
    });
    expect(track(missed)).toEqual({ times: [60], series: { value: [2] } });
    const board = boardAfter(said(0, 1), missed);
    const found = board.get("load");
    expect(found && countSince(found, START_S)).toBe(2);
    expect(found && lastOf(found)).toEqual(new Map([["value", 2]]));
  });

  it("begin a quarter of an hour ago at most, and one that is no longer published goes", () => {
    const late = KEPT_S + 10;
    expect(track(said(0, { old: 1 }), said(20, { a: 1 }), said(late, { a: 2 }))).toEqual({
      times: [20, late],
      series: { a: [1, 2] },
    });
  });
});

it.each([
  ["", "metrics"],
  ["?topic=sales", "sales"],
  ["?topic=topic:sales", "sales"],
  ["?topic=a%3Ab", "a:b"],
  ["?topic=no%20space", undefined],
  [`?topic=${"x".repeat(123)}`, undefined],
])("reads the topic of %s as %s", (search, topic) => {
  expect(topicOf(search)).toBe(topic);
});

it("says a value in few digits, and what a chart shows in words", () => {
  expect(valueWords(0.1 + 0.2)).toBe("0.3");
  expect(valueWords(12_345.6)).toBe("12,350");
  expect(valueWords(3_400_000_000)).toBe("3.4B");
  expect(valueWords(-1e300)).toBe("-1E300");
  expect(valueWords(1.5e-300)).toBe("1.5E-300");
  expect(valueWords(0)).toBe("0");
  expect(chartWords(1, "last minute", new Map([["value", 2]]))).toBe(
    "1 value in the last minute; the last is 2",
  );
  expect(
    chartWords(
      2,
      "last minute",
      new Map([
        ["a", 2],
        ["b", 3],
      ]),
    ),
  ).toContain("a 2, b 3");
});
