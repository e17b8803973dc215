import { describe, expect, it, vi } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { pageOf } from "../../../../src/room/log/page.ts";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { BACKEND, RoomScene } from "../support/scene.ts";

describe("a page", () => {
  it.each([
    ["nothing", [], { entries: [], hasMore: false }],
    ["all, where it fits", ["aa", "bb"], { entries: ["aa", "bb"], hasMore: false }],
    [
      "as many as were asked for",
      ["a", "b", "c", "d"],
      { entries: ["a", "b", "c"], hasMore: true },
    ],
    ["as many as fit", ["aaaa", "bbbb", "cccc"], { entries: ["aaaa", "bbbb"], hasMore: true }],
    ["one, however long", ["x".repeat(99), "b"], { entries: ["x".repeat(99)], hasMore: true }],
    ["bytes and not characters", ["響響", "響響"], { entries: ["響響"], hasMore: true }],
  ])("holds %s", (_, entries, expected) => {
    expect(pageOf(entries, 3, 8)).toEqual(expected);
  });

  it("reads no further than the one that is too many", () => {
    const read: string[] = [];
    const entries = (function* () {
      for (const entry of ["aaaa", "bbbb", "cccc", "dddd"]) {
        read.push(entry);
        yield entry;
      }
    })();
    pageOf(entries, 9, 8);
    expect(read).toEqual(["aaaa", "bbbb", "cccc"]);
  });
});

describe("pages of long entries", () => {
  const COUNT = 70;

  /** All of it, page by page; `next` says where a page goes on. */
  function walk<Query>(
    first: Query,
    page: (query: Query) => { entries: readonly string[]; hasMore: boolean },
    next: (seqs: readonly number[]) => Query,
  ) {
    const seqs: number[][] = [];
    for (let query = first; ; ) {
      const { entries, hasMore } = page(query);
      const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
      expect(bytes).toBeLessThan(BOUNDS.pageBytes);
      const found = entries.map((entry) => Number((JSON.parse(entry) as { seq: number }).seq));
      seqs.push(found);
      if (!hasMore) return seqs;
      query = next(found);
    }
  }

  it("of history show every message once, forwards and backwards", () => {
    const scene = new RoomScene("general", RAISED_LIMITS);
    scene.join("ada");
    for (let i = 0; i < COUNT; i++) {
      const payload = { content: "響".repeat(4_000), data: "x".repeat(3_000) };
      scene.hear("ada", { type: "send_message", messageId: `m${i}`, payload });
    }
    scene.flush();
    const { log } = scene.store;
    const page = (query: { before?: number; after?: number }) => log.page({ ...query, limit: 200 });
    const forwards = walk({ after: 0 }, page, (seqs) => ({ after: seqs.at(-1) ?? 0 }));
    const backwards = walk({}, page, (seqs) => ({ before: seqs[0] ?? 0 }));
    const all = Array.from({ length: COUNT }, (_, i) => i + 1);
    expect(forwards.length).toBeGreaterThan(2);
    expect(forwards.flat()).toEqual(all);
    expect(backwards.toReversed().flat()).toEqual(all);
  });

  it("of an inbox show every notification once", () => {
    const scene = new RoomScene("user:ada", RAISED_LIMITS);
    for (let i = 0; i < COUNT; i++) {
      const payload = { type: "t", title: "t", body: "響".repeat(2_000), data: "x".repeat(4_000) };
      scene.ask(BACKEND, { type: "notify", messageId: `n${i}`, payload });
    }
    const backwards = walk<number | undefined>(
      undefined,
      (before) => scene.inbox.page({ before, limit: 200, unreadOnly: true }),
      (seqs) => seqs[0],
    );
    expect(backwards.length).toBeGreaterThan(1);
    expect(backwards.toReversed().flat()).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
  });
});

describe("a frame that is far too long", () => {
  it("is refused before anybody measures it, or counts its bytes", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    const [encode, encodeInto] = [
      vi.spyOn(TextEncoder.prototype, "encode"),
      vi.spyOn(TextEncoder.prototype, "encodeInto"),
    ];
    try {
      scene.hear("ada", "x".repeat(1_000_000));
      expect([encode.mock.calls.length, encodeInto.mock.calls.length]).toEqual([0, 0]);
    } finally {
      encode.mockRestore();
      encodeInto.mockRestore();
    }
    scene.flush();
    expect(scene.sockets.closes.get("ada")).toBe(1009);
  });
});
