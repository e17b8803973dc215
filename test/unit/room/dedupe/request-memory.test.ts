import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHAT } from "../../../../src/kinds/chat/kind.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import type { MemorySizes } from "../../../../src/room/dedupe/accepted-keys.ts";
import { nameOf } from "../../../../src/room/dedupe/name.ts";
import { type Asked, RequestMemory } from "../../../../src/room/dedupe/request-memory.ts";
import { migrate } from "../../../../src/storage/migrations.ts";
import { SqlKeyArchive } from "../../../../src/storage/sql-key-archive.ts";
import { SqlRoomLog } from "../../../../src/storage/sql-room-log.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";

const T0 = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const WINDOW = BOUNDS.dedupeWindowMs;
/** So small that a few rows fill what a busy room fills with a million. */
const SMALL: MemorySizes = { keysKept: 24, keysPerSegment: 8, keysLoaded: 3 };

class Scene {
  readonly database = new NodeDatabase();
  readonly #sizes: MemorySizes | undefined;
  log!: SqlRoomLog;
  memory!: RequestMemory;

  constructor(sizes?: MemorySizes) {
    this.#sizes = sizes;
    migrate(this.database);
    this.wake();
  }

  /** The room after a sleep or a crash: it has nothing in memory. */
  wake(): void {
    this.log = new SqlRoomLog(this.database, "epoch", CHAT.extension.log);
    this.memory = new RequestMemory(this.log, new SqlKeyArchive(this.database), this.#sizes);
  }

  store(userId: string, messageId: string, at: number): number {
    const seq = this.log.head + 1;
    this.log.append({ seq, type: "new_message", at, userId, messageId, payload: "{}" });
    this.memory.save();
    this.memory.saved();
    this.memory.remember({ userId, messageId }, seq, at);
    this.memory.expire(at);
    return seq;
  }

  /** Rows that no memory saw, as many as a log may have. */
  fill(count: number, at: number): void {
    this.database.query(
      `INSERT INTO log (seq, type, at, user_id, message_id, payload)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT i + (SELECT COALESCE(MAX(seq), 0) FROM log), 'message_reacted', ?, 'crowd', 'x' || i, '{}' FROM n`,
      count,
      at,
    );
    this.wake();
  }

  /** `seq` of what the request stored before; "unclear" when it must be asked again later. */
  ask(messageId: string, at: number, more: Partial<Asked> = {}): number | "unclear" | undefined {
    const asked = { userId: "ada", messageId, sentAt: undefined, at, backend: false, ...more };
    const known = this.memory.recall([asked], at).get(nameOf(asked));
    return known?.kind === "accepted" ? known.accepted.seq : known?.kind;
  }
}

describe("what a room remembers of requests (2)", () => {
  it.each(["awake", "after a sleep"])(
    "is five minutes without sentAt, not a millisecond more: %s",
    (how) => {
      const scene = new Scene();
      scene.store("ada", "m", T0);
      if (how === "after a sleep") scene.wake();
      expect(scene.ask("m", T0 + WINDOW - 1)).toBe(1);
      expect(scene.ask("m", T0 + WINDOW)).toBeUndefined();
    },
  );

  it("is as long as the log with sentAt, however many events came since", () => {
    const scene = new Scene();
    scene.store("ada", "before", T0);
    const sentAt = scene.log.head;
    const saved = scene.store("ada", "m", T0);
    scene.fill(20_000, T0 + MINUTE);
    const later = T0 + 30 * 24 * 60 * MINUTE;
    expect(scene.ask("m", later, { sentAt })).toBe(saved);
    expect(scene.ask("m", later)).toBeUndefined();
    // Sent for the first time after the one of that name was stored: it is another.
    expect(scene.ask("before", later, { sentAt })).toBeUndefined();
    expect(scene.ask("m", later, { sentAt, userId: "ben" })).toBeUndefined();
  });

  it("knows a request at once that a failed transaction did not store: it is new", () => {
    const scene = new Scene();
    scene.database.failing = true;
    expect(() =>
      scene.log.transaction(() => {
        const seq = scene.log.head + 1;
        scene.log.append({
          seq,
          type: "new_message",
          at: T0,
          userId: "ada",
          messageId: "m",
          payload: "{}",
        });
      }),
    ).toThrow("full");
    scene.database.failing = false;
    expect(scene.ask("m", T0)).toBeUndefined();
    scene.store("ada", "n", T0);
    expect(scene.ask("n", T0)).toBe(1);
  });

  it("is what the log says, whatever falls out of memory, is loaded, sleeps or is trimmed", () => {
    const names = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.record({ do: fc.constant("store" as const), name: names }) },
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("ask" as const),
          name: names,
          back: fc.option(fc.nat(60)),
        }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("crowd" as const), rows: fc.nat(20) }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(2 * MINUTE) }),
      },
      { weight: 1, arbitrary: fc.constant({ do: "wake" as const }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("trim" as const), rows: fc.nat(10) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const scene = new Scene(SMALL);
        let now = T0;
        for (const one of steps) {
          if (one.do === "store") scene.store("ada", one.name, now);
          else if (one.do === "crowd") {
            for (let i = 0; i < one.rows; i++) scene.store("crowd", `${scene.log.head}`, now);
          } else if (one.do === "pass") now += one.ms;
          else if (one.do === "wake") scene.wake();
          else if (one.do === "trim") scene.log.trim(scene.log.oldest + one.rows, 100);
          else {
            const sentAt = one.back === null ? undefined : Math.max(0, scene.log.head - one.back);
            expect(scene.ask(one.name, now, { sentAt })).toBe(
              inTheLog(scene, one.name, now, sentAt),
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The newest row that still counts, by reading all of them. */
function inTheLog(
  { database }: Scene,
  name: string,
  now: number,
  sentAt = Number.MAX_SAFE_INTEGER,
) {
  const statement =
    "SELECT MAX(seq) AS seq FROM log WHERE user_id = 'ada' AND message_id = ? AND (at > ? OR seq > ?)";
  const [row] = [...database.query(statement, name, now - WINDOW, sentAt)];
  return row?.["seq"] ?? undefined;
}

describe("what remembering costs", () => {
  it("is no look at the log for a new request while the window fits into memory", () => {
    const scene = new Scene();
    for (let i = 0; i < 20_000; i++) scene.store("crowd", `x${i}`, T0);
    scene.ask("new", T0);
    const asked = scene.database.counted(() => scene.ask("newer", T0));
    expect(asked).toBe(0);
  });

  it("is nothing at a wake, and after a few requests no more than when it was awake all along", () => {
    const scene = new Scene();
    scene.fill(150_000, T0);
    for (let i = 0; i < 16; i++) expect(scene.ask(`new-${i}`, T0 + 1)).toBeUndefined();
    expect(scene.database.counted(() => scene.ask("newer", T0 + 1))).toBe(0);
    expect(scene.ask("x7", T0 + 1, { userId: "crowd" })).toBe(7);
  });

  it("is a look at a few thousand rows at a wake after 150,000 events of this release's", () => {
    const scene = new Scene();
    for (let i = 0; i < 150_000; i++) scene.store("crowd", `x${i}`, T0);
    scene.wake();
    let loaded = 0;
    const { keysIn, find } = scene.log;
    scene.log.keysIn = (stretch) => {
      loaded += stretch.upTo - stretch.after;
      return keysIn.call(scene.log, stretch);
    };
    scene.log.find = (ids, stretch) => {
      loaded += stretch.upTo - stretch.after;
      return find.call(scene.log, ids, stretch);
    };
    expect(scene.ask("new", T0 + 1)).toBeUndefined();
    expect(loaded).toBeLessThan(2 * BOUNDS.keysPerSegment);
    expect(scene.ask("x7", T0 + 1, { userId: "crowd" })).toBe(8);
    expect(scene.ask("x149999", T0 + 1, { userId: "crowd" })).toBe(150_000);
  }, 60_000);

  it("is bounded for whoever names an old sentAt, and held against nobody else", () => {
    const scene = new Scene();
    scene.fill(400_000, T0 - 60 * MINUTE);
    const old = { sentAt: 0 };
    expect(scene.ask("m", T0, old)).toBeUndefined();
    expect(scene.ask("m", T0, old)).toBe("unclear");
    expect(scene.ask("m", T0)).toBeUndefined();
    expect(scene.ask("m", T0, { ...old, userId: "ben" })).toBeUndefined();
    expect(scene.ask("m", T0 + 20_000, old)).toBeUndefined();
  });

  it("is paid for once by whoever sends much again at once", () => {
    const scene = new Scene();
    scene.fill(400_000, T0 - 60 * MINUTE);
    const asked = Array.from({ length: 200 }, (_, i) => ({
      userId: i < 100 ? "ada" : "ben",
      messageId: `m${i}`,
      sentAt: i,
      at: T0,
      backend: false,
    }));
    expect([...scene.memory.recall(asked, T0)]).toEqual([]);
  });

  it("is bounded for all together, and says how long to wait", () => {
    const scene = new Scene();
    scene.fill(400_000, T0 - 60 * MINUTE);
    const of = (user: number) => ({
      userId: `u${user}`,
      messageId: "m",
      sentAt: 0,
      at: T0,
      backend: false,
    });
    const answers = Array.from({ length: 8 }, (_, i) => scene.memory.recall([of(i)], T0));
    const waits = answers.map((known) => [...known.values()][0]);
    expect(waits.filter((known) => known === undefined)).toHaveLength(5);
    expect(waits.at(-1)).toMatchObject({ kind: "unclear" });
    const [last] = waits.slice(-1);
    expect(last?.kind === "unclear" && last.retryAfterMs).toBeGreaterThan(0);
  });
});
