import { expect, it } from "vitest";
import { knownIn } from "../../../src/document/state-vector.ts";

it.each([
  ["of clients that are not here", [[7, 1]], [[8, 1]], []],
  [
    "of more than are here",
    [
      [1, 4],
      [2, 9],
      [3, 1],
    ],
    [[2, 5]],
    [[2, 9]],
  ],
  [
    "of fewer than are here",
    [[2, 3]],
    [
      [1, 4],
      [2, 5],
      [3, 1],
    ],
    [[2, 3]],
  ],
  ["of nothing", [], [[1, 4]], []],
] as const)(
  "what somebody has %s is kept as far as it is about what is here",
  (_, vector, known, kept) => {
    expect([...knownIn(new Map(vector), new Map(known))]).toEqual(kept);
  },
);
