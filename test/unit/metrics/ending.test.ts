import { describe, expect, it } from "vitest";
import { countsSchema } from "../../../src/metrics/counts.ts";
import { countedCode, endingKey, parseEndingKey } from "../../../src/metrics/ending.ts";
import { Ledger } from "../../../src/metrics/ledger.ts";
import { reportSchema } from "../../../src/metrics/report.ts";
import { CLOSE_CODES } from "../../../src/protocol/close-code.ts";

describe("how a connection ended", () => {
  it.each([1000, 1001, 1005, 1006, 1015, ...Object.values(CLOSE_CODES).map(({ code }) => code)])(
    "is counted by its code when that is known: %i",
    (code) => {
      expect(countedCode(code)).toBe(String(code));
      expect(parseEndingKey(endingKey({ code, clean: false }))).toEqual({
        code: String(code),
        clean: false,
      });
    },
  );

  it.each([0, 999, 1004, 1016, 2999, 3000, 4005, 4402, 4999, Number.NaN])(
    "is counted with all others of a client's own making: %d",
    (code) => {
      expect(endingKey({ code, clean: true })).toBe("other clean");
    },
  );
});

describe("what was counted before codes were folded", () => {
  const disconnects = {
    "1000 clean": 2,
    "4005 clean": 1,
    "4001 clean": 3,
    "4001 abnormal": 1,
    "other clean": 5,
  };
  const folded = { "1000 clean": 2, "other clean": 9, "other abnormal": 1 };

  it("is folded as it is loaded, by rooms and by shards", () => {
    expect(countsSchema.parse({ disconnects }).disconnects).toEqual(folded);
    expect(new Ledger({ counts: { disconnects } }).snapshot(0).counts.disconnects).toEqual(folded);
  });

  it("is folded in the report of a room of an older release", () => {
    expect(reportSchema.parse({ counts: { disconnects } }).counts.disconnects).toEqual(folded);
  });
});
