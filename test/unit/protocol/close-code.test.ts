import { expect, it } from "vitest";
import { closeOf } from "../../../src/protocol/close-code.ts";

it("says after each close whether to come back (P9.2)", () => {
  const after = Object.fromEntries(
    [1000, 1006, 1009, 1012, 4000, 4400, 4401, 4403, 4408, 4429, 4503].map((code) => [
      code,
      closeOf(code).reconnect,
    ]),
  );
  expect(after).toEqual({
    1000: "backoff",
    1006: "backoff",
    1009: "backoff",
    1012: "at-once",
    4000: "backoff",
    4400: "never",
    4401: "with-token",
    4403: "never",
    4408: "backoff",
    4429: "backoff",
    4503: "backoff",
  });
});
