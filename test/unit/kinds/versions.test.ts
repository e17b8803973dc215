import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { migrated } from "../../../src/kinds/running/migration.ts";
import { ArchiveReader } from "../../../src/room/store/archive.ts";
import { BACKEND, RoomScene, T0 } from "../room/support/scene.ts";

const DAY_MS = 86_400_000;

function table(made: ReturnType<typeof first> | ReturnType<typeof third>): KindTable {
  return new KindTable([...BUILT_IN, made]);
}

/** What is chosen is a choice, and a vote for 7 is no vote of today's. */
function first() {
  const shape = contract("ballot", {
    events: { vote: z.object({ choice: z.union([z.string(), z.number()]) }), old: z.object({}) },
    state: z.object({ votes: z.array(z.union([z.string(), z.number()])) }),
    initial: { votes: [] },
    apply: { vote: (state, { data }) => ({ votes: [...state.votes, data.choice] }) },
    timers: { end: z.object({}) },
  });
  return kind(shape, {
    before: {
      vote({ tx, now }) {
        tx.schedule("end", now + 9 * DAY_MS, {});
      },
    },
    timers: { end() {} },
  });
}

/** By way of a second version, in which it is an option, to a third in which votes are counted. */
function third(migrate: Parameters<typeof contract>[1]["migrate"] = STEPS) {
  const shape = contract("ballot", {
    version: 3,
    events: { vote: z.object({ option: z.string(), weight: z.number().default(1) }) },
    state: z.object({ counts: z.record(z.string(), z.number()) }),
    initial: { counts: {} },
    apply: {
      vote: ({ counts }, { data: { option, weight } }) => ({
        counts: { ...counts, [option]: (counts[option] ?? 0) + weight },
      }),
    },
    timers: { end: z.object({}) },
    migrate,
  });
  return kind(shape, { timers: { end() {} } });
}

const STEPS = {
  1: {
    vote: (old: { choice: unknown }) => ({ option: old.choice }),
    state: (old: { votes: readonly string[] }) => old.votes,
  },
  2: {
    state: (old: readonly string[]) => ({ counts: { [String(old[0])]: old.length } }),
  },
};

let votes = 0;

function vote(scene: RoomScene, payload: object, now = T0): void {
  votes += 1;
  const frame = { type: "vote", messageId: `m-${votes}`, payload };
  expect(scene.ask({ ...BACKEND, permissions: ["write"] }, frame, now).ok).toBe(true);
}

function stateOf(scene: RoomScene, id: string, now = T0) {
  scene.join(id, { expiresAt: now + DAY_MS }, undefined, now);
  return scene.sockets.payloads(id, "joined_room").at(-1)?.["state"];
}

function started(...payloads: readonly object[]): RoomScene {
  const scene = new RoomScene("ballot:a", {}, table(first()));
  for (const payload of payloads) vote(scene, payload);
  return scene;
}

/** Three days later, when retention has dropped all but the newest event. */
function trimmed(...payloads: readonly object[]): RoomScene {
  const scene = started(...payloads);
  scene.vars["HISTORY_MAX_DAYS"] = "1";
  scene.restart();
  scene.room.sweep(T0 + 3 * DAY_MS);
  expect(scene.store.log.oldest).toBe(payloads.length);
  return scene;
}

describe("a contract whose version has changed", () => {
  it("takes what a step answers, be it null", () => {
    const shape = contract("note", {
      version: 2,
      events: { note: z.string().nullable() },
      migrate: { 1: { note: (old) => (old === "" ? null : undefined) } },
    });
    expect(migrated(shape, "note", 1, "")).toEqual({ ok: true, data: null });
    expect(migrated(shape, "note", 1, "text")).toMatchObject({ ok: false });
  });

  it("folds what earlier versions stored anew, and tells it in today's shape (P12.11, P12.12)", () => {
    const scene = started({ choice: "soup" }, { choice: "soup" }, { choice: "bread" });
    scene.kinds = table(third());
    scene.restart();
    expect(stateOf(scene, "ada")).toEqual({ counts: { soup: 2, bread: 1 } });
    vote(scene, { option: "soup", weight: 5 });
    scene.restart();
    expect(stateOf(scene, "ben")).toEqual({ counts: { soup: 7, bread: 1 } });
    scene.join("eve", {}, { epoch: scene.store.log.epoch, seq: 1 });
    expect(scene.sockets.payloads("eve", "vote")).toEqual([
      { option: "soup", weight: 1 },
      { option: "bread", weight: 1 },
      { option: "soup", weight: 5 },
    ]);
  });

  it("leaves out of the state, counts, and tells as it was stored what it cannot migrate (P12.11)", () => {
    const scene = started({ choice: 7 }, { choice: "soup" });
    scene.kinds = table(third());
    scene.restart();
    expect(stateOf(scene, "ada")).toEqual({ counts: { soup: 1 } });
    expect(scene.room.counters.counts.refusals).toEqual({ internal: 1 });
    scene.join("eve", {}, { epoch: scene.store.log.epoch, seq: 0 });
    expect(scene.sockets.payloads("eve", "vote")).toEqual([
      { choice: 7 },
      { option: "soup", weight: 1 },
    ]);
  });

  it("migrates the state of a room whose log was trimmed, and folds on from there (P12.12)", () => {
    const scene = trimmed({ choice: "soup" }, { choice: "soup" }, { choice: "soup" });
    scene.kinds = table(third());
    scene.restart();
    const now = T0 + 3 * DAY_MS;
    expect(stateOf(scene, "ada", now)).toEqual({ counts: { soup: 3 } });
    vote(scene, { option: "bread", weight: 1 }, now);
    scene.restart();
    expect(stateOf(scene, "ben", now)).toEqual({ counts: { soup: 3, bread: 1 } });
    // What was migrated is stored: the next start begins with it.
    scene.kinds = table(third({}));
    scene.room.sweep(now + 2_000);
    scene.restart();
    expect(stateOf(scene, "cyd", now)).toEqual({ counts: { soup: 3, bread: 1 } });
  });

  it.each([
    ["no step for the state", { 1: { vote: STEPS[1].vote } }, "Write migrate[1].state"],
    ["a step too few", { 1: STEPS[1] }, "Write migrate[2].state"],
    [
      "a step that fails",
      { ...STEPS, 2: { state: () => Object(null).a.b } },
      "migrate[2].state fails",
    ],
    ["a step that leads elsewhere", { ...STEPS, 2: { state: () => 7 } }, "no state of today"],
  ])(
    "does not begin a room whose log was trimmed, with %s, and says what to write",
    (_, migrate, words) => {
      const scene = trimmed({ choice: "soup" }, { choice: "bread" });
      scene.kinds = table(third(migrate));
      expect(() => scene.restart()).toThrow(words);
    },
  );

  it("goes back to the version before, which knows what it can read, and forward again", () => {
    const scene = started({ choice: "soup" });
    scene.kinds = table(third());
    scene.restart();
    vote(scene, { option: "bread", weight: 2 });
    scene.kinds = table(first());
    scene.restart();
    expect(stateOf(scene, "ada")).toEqual({ votes: ["soup"] });
    vote(scene, { choice: "soup" });
    scene.kinds = table(third());
    scene.restart();
    expect(stateOf(scene, "ben")).toEqual({ counts: { soup: 2, bread: 2 } });
  });

  it("does not go back where the log was trimmed since", () => {
    const scene = trimmed({ choice: "soup" }, { choice: "bread" });
    scene.kinds = table(third());
    scene.restart();
    scene.room.sweep(T0 + 3 * DAY_MS + 2_000);
    scene.kinds = table(first());
    expect(() => scene.restart()).toThrow("Finish the deployment of version 3");
  });

  it("survives an export and an import, with a trimmed log and a timer that waits", () => {
    const scene = trimmed({ choice: "soup" }, { choice: "soup" });
    const { kind: today, archive } = scene.store;
    const lines = [...archive.portions(today)].join("").trim().split("\n");
    const reader = new ArchiveReader(today);
    const copy = new RoomScene("ballot:b", { HISTORY_MAX_DAYS: "1" }, table(first()));
    for (const text of lines) {
      const line = reader.read(text);
      if (line.type === "room") copy.store.archive.begin(line);
      else if (line.type !== "end") {
        copy.store.archive.transaction(() => copy.store.archive.take(line, today));
      }
    }
    reader.end();
    copy.store.archive.finish();
    copy.restart();
    const now = T0 + 3 * DAY_MS;
    expect(stateOf(copy, "ada", now)).toEqual({ votes: ["soup", "soup"] });
    expect(copy.room.wakeAt).toBeLessThanOrEqual(T0 + 9 * DAY_MS);
    expect(copy.room.special.due(T0 + 9 * DAY_MS)).toMatchObject([{ type: "timer:end" }]);
    copy.kinds = table(third());
    copy.restart();
    expect(stateOf(copy, "ben", now)).toEqual({ counts: { soup: 2 } });
  });
});
