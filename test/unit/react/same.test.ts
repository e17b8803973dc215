import { expect, it } from "vitest";
import { same } from "../../../src/react/same.ts";

const shared = { deep: [1, { a: null }] };
const error = new Error("one");

it.each([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  ["a", "b", false],
  [null, undefined, false],
  [shared, { deep: [1, { a: null }] }, true],
  [shared, { deep: [1, { a: 0 }] }, false],
  [{ a: undefined }, { b: undefined }, false],
  [{ toString: undefined }, {}, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1], { 0: 1 }, false],
  [[], [], true],
  [error, error, true],
  [new Error("one"), new Error("one"), false],
  [new Map(), new Map(), false],
])("says of %j and %j: %s", (one, other, expected) => {
  expect(same(one, other)).toBe(expected);
  expect(same(other, one)).toBe(expected);
});
