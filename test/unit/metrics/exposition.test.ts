import { describe, expect, it } from "vitest";
import { addCounts, type Counts, flushKey, NO_COUNTS } from "../../../src/metrics/counts.ts";
import { endingKey } from "../../../src/metrics/ending.ts";
import { exposition } from "../../../src/metrics/exposition.ts";
import { parseExposition, seriesValue } from "../../support/exposition-parser.ts";

const counts = (some: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...some });
const text = (some: Partial<Counts> = {}) =>
  exposition({ counts: counts(some), connections: 3, rooms: 2 });

describe("the exposition", () => {
  it("is valid when nothing has happened, and names every code with a zero", () => {
    const families = parseExposition(text());
    expect([...families.keys()]).toEqual([
      "hibiki_connections",
      "hibiki_rooms",
      "hibiki_connects_total",
      "hibiki_gateway_sessions_total",
      "hibiki_socketio_recoveries_total",
      "hibiki_socketio_polling_clients",
      "hibiki_disconnects_total",
      "hibiki_messages_total",
      "hibiki_frames_received_total",
      "hibiki_bytes_total",
      "hibiki_dead_letters_total",
      "hibiki_dead_letters_dropped_total",
      "hibiki_skipped_ticks_total",
      "hibiki_flush_size",
      "hibiki_refusals_total",
      "hibiki_rule_failures_total",
      "hibiki_documents",
      "hibiki_document_connections",
      "hibiki_document_edits_total",
      "hibiki_document_refused_frames_total",
      "hibiki_document_stored_bytes_total",
      "hibiki_document_folds_total",
      "hibiki_document_quarantined_updates_total",
    ]);
    expect(seriesValue(families, "hibiki_refusals_total", { code: "rate_limited" })).toBe(0);
    expect(seriesValue(families, "hibiki_flush_size_count")).toBe(0);
    for (const { help } of families.values()) expect(help).not.toBe("");
  });

  it("gives back every number by its labels", () => {
    const families = parseExposition(
      text({
        messages: 7,
        framesIn: 9,
        bytesIn: 100,
        bytesOut: 12_345_678_901_234,
        connects: { websocket: 4, sse: 1 },
        gateways: { socketio_upgraded: 3 },
        recoveries: { recovered: 2 },
        disconnects: {
          [endingKey({ code: 1006, clean: false })]: 2,
          [endingKey({ code: 1000, clean: true })]: 1,
        },
        refusals: { banned: 5, "poll closed": 3, "quiz closed": 4, "chat other": 1 },
        ruleFailures: { "poll before": 2, "quiz before": 9 },
        deadLetters: 6,
        deadLettersDropped: 2,
        skippedTicks: 8,
      }),
    );
    expect(seriesValue(families, "hibiki_connections")).toBe(3);
    expect(seriesValue(families, "hibiki_rooms")).toBe(2);
    expect(seriesValue(families, "hibiki_messages_total")).toBe(7);
    expect(seriesValue(families, "hibiki_frames_received_total")).toBe(9);
    expect(seriesValue(families, "hibiki_bytes_total", { direction: "in" })).toBe(100);
    expect(seriesValue(families, "hibiki_bytes_total", { direction: "out" })).toBe(
      12_345_678_901_234,
    );
    expect(seriesValue(families, "hibiki_connects_total", { transport: "sse" })).toBe(1);
    const upgraded = { transport: "socketio_upgraded" };
    expect(seriesValue(families, "hibiki_gateway_sessions_total", upgraded)).toBe(3);
    const recovered = { outcome: "recovered" };
    expect(seriesValue(families, "hibiki_socketio_recoveries_total", recovered)).toBe(2);
    expect(
      seriesValue(families, "hibiki_disconnects_total", { code: "1006", clean: "false" }),
    ).toBe(2);
    expect(seriesValue(families, "hibiki_disconnects_total", { code: "1000", clean: "true" })).toBe(
      1,
    );
    const refused = (labels: Record<string, string>) =>
      seriesValue(families, "hibiki_refusals_total", labels);
    expect(refused({ code: "banned" })).toBe(5);
    expect(refused({ code: "closed", kind: "poll" })).toBe(3);
    expect(refused({ code: "closed", kind: "quiz" })).toBe(4);
    expect(refused({ code: "other", kind: "chat" })).toBe(1);
    const failed = { hook: "before", kind: "poll" };
    expect(seriesValue(families, "hibiki_rule_failures_total", failed)).toBe(2);
    expect(seriesValue(families, "hibiki_dead_letters_total")).toBe(6);
    expect(seriesValue(families, "hibiki_dead_letters_dropped_total")).toBe(2);
    expect(seriesValue(families, "hibiki_skipped_ticks_total")).toBe(8);
  });

  it("gives back the numbers of documents, with the two refusals that clients cause from the start", () => {
    const documents = {
      edits: 5,
      refused: { invalid_frame: 2, other: 1 },
      storedBytes: 800,
      folds: 4,
      setAside: 3,
    };
    const families = parseExposition(
      exposition({
        counts: counts({ documents }),
        connections: 0,
        rooms: 0,
        documents: { connections: 6, open: 2 },
      }),
    );
    const value = (name: string, labels: Record<string, string> = {}) =>
      seriesValue(families, `hibiki_document${name}`, labels);
    expect(value("s")).toBe(2);
    expect(value("_connections")).toBe(6);
    expect(value("_edits_total")).toBe(5);
    expect(value("_stored_bytes_total")).toBe(800);
    expect(value("_folds_total")).toBe(4);
    expect(value("_quarantined_updates_total")).toBe(3);
    for (const [code, count] of [
      ["invalid_frame", 2],
      ["access_denied", 0],
      ["other", 1],
    ] as const) {
      expect(value("_refused_frames_total", { code })).toBe(count);
    }
  });

  it("counts a flush in its bucket and in every larger one", () => {
    const sizes = [1, 1, 2, 3, 10, 11, 1_000, 1_001, 50_000];
    const flushes = sizes.reduce(
      (sum, size) => addCounts(sum, counts({ flushes: { [flushKey(size)]: 1 }, flushItems: size })),
      NO_COUNTS,
    );
    const families = parseExposition(text(flushes));
    for (const le of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]) {
      const expected = sizes.filter((size) => size <= le).length;
      expect(seriesValue(families, "hibiki_flush_size_bucket", { le: String(le) })).toBe(expected);
    }
    expect(seriesValue(families, "hibiki_flush_size_bucket", { le: "+Inf" })).toBe(sizes.length);
    expect(seriesValue(families, "hibiki_flush_size_count")).toBe(sizes.length);
    expect(seriesValue(families, "hibiki_flush_size_sum")).toBe(sizes.reduce((a, b) => a + b));
  });

  it("escapes what a label may not hold", () => {
    const odd = 'back\\slash "quoted"\nline';
    const families = parseExposition(text({ connects: { [odd]: 1 } }));
    expect(seriesValue(families, "hibiki_connects_total", { transport: odd })).toBe(1);
  });
});

describe("the strict parser of these tests", () => {
  it.each([
    ["no line feed at the end", "# HELP a_total A.\n# TYPE a_total counter\na_total 1"],
    ["a counter without _total", "# HELP a A.\n# TYPE a counter\na 1\n"],
    ["a sample without a TYPE", "a_total 1\n"],
    ["a series twice", "# HELP a A.\n# TYPE a gauge\na 1\na 2\n"],
    ["a bare quote in a label", '# HELP a A.\n# TYPE a gauge\na{b="c"d"} 1\n'],
    ["no number", "# HELP a A.\n# TYPE a gauge\na one\n"],
    [
      "buckets that are not cumulative",
      '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    ],
    ["no +Inf", '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_sum 1\na_count 2\n'],
  ])("refuses %s", (_, bad) => {
    expect(() => parseExposition(bad)).toThrow();
  });
});
