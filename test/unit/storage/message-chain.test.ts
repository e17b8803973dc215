import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHAT } from "../../../src/kinds/chat/kind.ts";
import type { Database } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { SqlRoomLog } from "../../../src/storage/sql-room-log.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";

const SHOWN =
  "(type IN ('new_message', 'notification') OR (type = 'message_deleted' AND target = seq))";

/** What becomes of a log: by this release or, with `old`, by one that knows of no chain. */
type Step =
  | { readonly do: "message" | "reaction" | "edit" | "delete"; readonly old: boolean }
  | { readonly do: "trim"; readonly rows: number }
  | { readonly do: "reopen" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: writes("message") },
  { weight: 6, arbitrary: writes("reaction") },
  { weight: 2, arbitrary: writes("edit") },
  { weight: 2, arbitrary: writes("delete") },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trim" as const), rows: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.constant({ do: "reopen" as const }) },
);

function writes(what: "message" | "reaction" | "edit" | "delete"): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(what), old: fc.boolean() });
}

class Scene {
  readonly database = new NodeDatabase();
  log: SqlRoomLog;

  constructor() {
    migrate(this.database);
    this.log = this.open();
  }

  open(): SqlRoomLog {
    return new SqlRoomLog(this.database, "epoch", CHAT.extension.log);
  }

  run(steps: readonly Step[]): void {
    for (const one of steps) {
      if (one.do === "trim") this.log.trim(this.log.oldest + one.rows, 100);
      else if (one.do === "reopen") this.log = this.open();
      else this.write(one.do, one.old);
    }
  }

  write(what: "message" | "reaction" | "edit" | "delete", old: boolean): void {
    const target = messages(this.database).at(-1);
    if (target === undefined && what !== "message") return;
    const seq = this.log.head + 1;
    const type = {
      message: "new_message",
      reaction: "message_reacted",
      edit: "message_edited",
      delete: "message_deleted",
    } as const;
    this.log.append({
      seq,
      type: type[what],
      at: seq,
      userId: "ada",
      messageId: `m${seq}`,
      payload: `{"seq":${seq}}`,
      ...(what === "message" || target === undefined ? {} : { target }),
    });
    if (what === "delete" && target !== undefined) {
      this.log.erase(target, `{"seq":${target}}`);
    }
    if (!old) return;
    const statement = "UPDATE log SET previous = NULL, ordinal = NULL WHERE seq = ?";
    this.database.query(statement, seq);
    // As the release would find it that comes after the old one.
    this.log = this.open();
  }
}

/** The messages of a log as an older release found them: row by row. */
function messages(database: Database): readonly number[] {
  return [...database.query(`SELECT seq FROM log WHERE ${SHOWN} ORDER BY seq`)].map((row) =>
    Number(row["seq"]),
  );
}

function seqs(entries: readonly string[]): readonly number[] {
  return entries.map((entry) => (JSON.parse(entry) as { seq: number }).seq);
}

describe("the chain of messages", () => {
  it("gives every page that reading row by row gives, whoever wrote the rows and whatever was trimmed", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.nat(70),
        fc.integer({ min: 1, max: 8 }),
        (steps, at, limit) => {
          const scene = new Scene();
          scene.run(steps);
          const { log, database } = scene;
          const all = messages(database);
          const before = all.filter((seq) => seq < at);
          const after = all.filter((seq) => seq > at);
          expect(log.page({ limit })).toMatchObject({ hasMore: all.length > limit });
          expect(seqs(log.page({ limit }).entries)).toEqual(all.slice(-limit));
          expect(seqs(log.page({ before: at, limit }).entries)).toEqual(before.slice(-limit));
          expect(log.page({ before: at, limit }).hasMore).toBe(before.length > limit);
          expect(seqs(log.page({ after: at, limit }).entries)).toEqual(after.slice(0, limit));
          expect(log.page({ after: at, limit }).hasMore).toBe(after.length > limit);
          const present = [
            ...database.query("SELECT seq FROM log WHERE type = 'new_message' ORDER BY seq"),
          ];
          expect(seqs(log.newestMessages(limit))).toEqual(
            present.slice(-limit).map(({ seq }) => seq),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it("finds where the newest messages begin", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (steps, count) => {
          const scene = new Scene();
          // Of a log that two releases wrote by turns it keeps somewhat more.
          scene.run(steps.map((one) => ("old" in one ? { ...one, old: false } : one)));
          const newest = messages(scene.database).slice(-count);
          const first = scene.log.firstOfNewest(count) ?? scene.log.oldest;
          const kept = messages(scene.database).filter((seq) => seq >= first);
          expect(kept).toEqual(newest);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("goes on from rows of an older release, and keeps their messages", () => {
    const scene = new Scene();
    for (let i = 0; i < 5; i++) {
      scene.write("message", true);
      scene.write("reaction", true);
    }
    scene.write("message", false);
    expect(seqs(scene.log.page({ limit: 10 }).entries)).toEqual([1, 3, 5, 7, 9, 11]);
    expect(scene.log.firstOfNewest(3)).toBe(7);
  });

  it("stands where it stood after a transaction that failed", () => {
    const scene = new Scene();
    scene.write("message", false);
    scene.database.failing = true;
    expect(() => scene.log.transaction(() => scene.write("message", false))).toThrow("full");
    scene.database.failing = false;
    scene.write("reaction", false);
    scene.write("message", false);
    expect(seqs(scene.log.page({ limit: 10 }).entries)).toEqual([1, 3]);
  });

  it("passes a thousand deleted messages on the way to the newest, and no more", () => {
    const scene = new Scene();
    scene.write("message", false);
    for (let i = 0; i < 1_000; i++) scene.write("message", false);
    const erase = (seq: number) => scene.log.erase(seq, `{"seq":${seq}}`);
    for (let seq = 2; seq <= 1_001; seq++) erase(seq);
    expect(seqs(scene.log.newestMessages(1))).toEqual([1]);
    scene.write("message", false);
    erase(1_002);
    expect(scene.log.newestMessages(1)).toEqual([]);
  });
});
