import { describe, expect, it } from "vitest";
import { isWhole, together, verdictOf } from "../../conformance/verdict.ts";

/** What mocha prints of a suite of two, of which this much was run. */
const printed = (...lines: readonly unknown[]) =>
  [["start", { total: 2 }], ...lines].map((line) => JSON.stringify(line)).join("\n");
const passed = (fullTitle: string) => ["pass", { fullTitle, duration: 1 }];
const failed = (fullTitle: string) => ["fail", { fullTitle, err: "not so", stack: "…" }];

describe("what mocha printed", () => {
  it("is whole when every test passed", () => {
    const verdict = verdictOf(printed(passed("a"), passed("b"), ["end", { passes: 2 }]));
    expect(verdict).toEqual({ total: 2, passed: 2, failed: [] });
    expect(isWhole(verdict)).toBe(true);
  });

  it.each([
    ["one failed", printed(passed("a"), failed("b"))],
    ["one was left out", printed(passed("a"), ["end", { passes: 1, pending: 1 }])],
    ["it was cut short", `${printed(passed("a"))}\n["pass",{"fullTi`],
    ["a test failed after it had passed", printed(passed("a"), passed("b"), failed("b"))],
    ["nothing was run", `["start",{"total":0}]\n["end",{}]`],
    ["mocha did not begin", "Error: Cannot find module 'mocha'"],
  ])("is not whole when %s", (_what, text) => {
    expect(isWhole(verdictOf(text))).toBe(false);
  });

  it("is read past what tests print themselves", () => {
    const text = `hello\n[not json\n["pass"]\n${printed(passed("a"), passed("b"))}\n[1,2]`;
    expect(verdictOf(text)).toEqual({ total: 2, passed: 2, failed: [] });
  });
});

it("is of both parts of a suite that is run in two, of which none may be missing", () => {
  const [one, other] = [verdictOf(printed(passed("a"))), verdictOf(printed(passed("b")))];
  expect(together(one, other)).toEqual({ total: 2, passed: 2, failed: [] });
  expect(isWhole(together(one, other))).toBe(true);
  expect(isWhole(together(one, verdictOf(printed(failed("b")))))).toBe(false);
  expect(isWhole(together(one, verdictOf(printed())))).toBe(false);
});
