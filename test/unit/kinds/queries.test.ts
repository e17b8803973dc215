import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind, refuse } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { RoomScene } from "../room/support/scene.ts";

const any = z.unknown();

const ballots = contract("ballot", {
  events: { vote: z.object({ option: z.string() }) },
  state: z.object({ votes: z.record(z.string(), z.string()) }),
  initial: { votes: {} },
  apply: {
    vote: (state, { data: { option }, actorId }) => ({
      votes: {
        ...state.votes,
        [actorId]: option === "grow" ? "x".repeat(BOUNDS.stateChars) : option,
      },
    }),
  },
  queries: {
    tally: {
      input: z.object({ least: z.number().default(1) }),
      output: z.record(z.string(), z.number()),
    },
    who: { input: z.undefined(), output: z.object({ id: z.string(), system: z.boolean() }) },
    fail: { input: any, output: any },
    change: { input: any, output: any },
    wait: { input: any, output: any },
    secret: { input: any, output: any },
    wrong: { input: any, output: z.number() },
    long: { input: z.number(), output: z.string() },
  },
  errors: ["not_yours"],
});

const KIND = kind(ballots, {
  queries: {
    tally({ state, input }) {
      const counts: Record<string, number> = {};
      for (const option of Object.values(state.votes)) counts[option] = (counts[option] ?? 0) + 1;
      return Object.fromEntries(Object.entries(counts).filter(([, n]) => n >= input.least));
    },
    who: ({ actor: { id, system } }) => ({ id, system }),
    fail() {
      throw new Error("a query that fails");
    },
    change({ state }) {
      (state.votes as Record<string, string>)["eve"] = "soup";
      return null;
    },
    wait: () => Promise.resolve(1),
    secret: () => refuse("not_yours", "Ask the owner.", { status: 451 }),
    wrong: () => JSON.parse('"seven"'),
    long: ({ input }) => "x".repeat(input),
  },
});

const KINDS = new KindTable([...BUILT_IN, KIND]);

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("ballot:lunch", {}, KINDS);
  scene.join("ada");
  scene.join("ben");
});

function ask(id: string, name: string, input?: unknown, messageId = "q") {
  scene.hear(id, { type: "query", messageId, payload: { name, input } });
}

/** A vote by which the state turns out to be too large only when all of its flush is decided. */
function fail(): void {
  scene.hear("ben", { type: "vote", messageId: "measured", payload: { option: "rice" } });
  scene.flush();
  scene.hear("ben", { type: "vote", messageId: "grown", payload: { option: "grow" } });
}

function answers(id: string) {
  return scene.sockets.of(id).filter(({ type }) => type === "answer");
}

describe("queries", () => {
  it("are answered under their messageId by what is stored when their flush has ended (P12.6)", () => {
    ask("ben", "tally", { least: 1 }, "q-1");
    scene.hear("ada", { type: "vote", messageId: "v", payload: { option: "soup" } });
    scene.flush();
    expect(answers("ben")).toMatchObject([
      { messageId: "q-1", payload: { success: true, output: { soup: 1 } } },
    ]);
    expect(answers("ada")).toEqual([]);
    expect(scene.sockets.payloads("ben", "ack")).toEqual([]);
  });

  it("are answered so too where one of the flush's frames fails the others' transaction", () => {
    fail();
    ask("ben", "tally", { least: 1 }, "q-1");
    scene.hear("ada", { type: "vote", messageId: "v", payload: { option: "soup" } });
    scene.flush();
    expect(answers("ben")).toMatchObject([{ payload: { output: { rice: 1, soup: 1 } } }]);
    expect(scene.sockets.payloads("ben", "ack")).toMatchObject([
      { savedId: 1 },
      { error: { code: "internal" } },
    ]);
  });

  it("change nothing, and need no storage (P12.6)", () => {
    scene.database.failing = true;
    ask("ada", "tally", {});
    ask("ada", "change", {});
    const { failures } = scene.flush();
    scene.database.failing = false;
    expect(failures).toHaveLength(1);
    expect(answers("ada")).toMatchObject([
      { payload: { success: true, output: {} } },
      { payload: { success: false, error: { code: "internal" } } },
    ]);
    expect(scene.store.isWritten).toBe(false);
  });

  it.each([
    ["whose rule throws", "fail", undefined, "internal"],
    ["whose rule answers with a promise", "wait", undefined, "internal"],
    ["whose output its schema does not take", "wrong", undefined, "internal"],
    ["that answers more than a query may", "long", BOUNDS.queryOutputBytes, "internal"],
    ["that its rule refuses", "secret", undefined, "not_yours"],
    ["whose input its schema does not take (P12.7)", "tally", { least: "many" }, "invalid_request"],
    ["that the contract does not have (P12.7)", "toString", undefined, "not_found"],
  ])("harm nobody but who asked one %s", (_, name, input, code) => {
    ask("ada", name, input);
    ask("ben", "who");
    scene.hear("ben", { type: "vote", messageId: "v", payload: { option: "soup" } });
    scene.flush();
    expect(answers("ada")).toMatchObject([{ payload: { success: false, error: { code } } }]);
    expect(answers("ben")).toMatchObject([
      { payload: { success: true, output: { id: "ben", system: false } } },
    ]);
    expect(scene.sockets.payloads("ben", "ack")).toEqual([{ success: true, savedId: 1 }]);
    const isOurs = code === "internal";
    expect(scene.room.counters.counts.refusals["internal"] ?? 0).toBe(isOurs ? 1 : 0);
  });

  it("are answered as `answer` also where they are refused at the door", () => {
    scene.hear("ada", { type: "query", messageId: "q", payload: { name: 7 } });
    scene.hear("ada", { type: "query", payload: { name: "who" } });
    scene.flush();
    expect(answers("ada")).toMatchObject([
      { messageId: "q", payload: { success: false, error: { code: "invalid_frame" } } },
    ]);
    expect(scene.sockets.payloads("ada", "error")).toMatchObject([{ code: "invalid_frame" }]);
  });

  it.each([
    ["", false],
    [", also where its frames are settled one by one", true],
  ])("of one flush are answered as much as may wait in memory, and no more%s", (_, isSingly) => {
    const most = BOUNDS.queryFlushBytes / BOUNDS.queryOutputBytes;
    if (isSingly) fail();
    const people = Array.from({ length: 10 }, (_, i) => `p-${i}`);
    for (const id of people) scene.enter(id);
    for (const id of people) {
      for (let i = 0; i < 10; i += 1) ask(id, "long", BOUNDS.queryOutputBytes - 2, `q-${i}`);
    }
    scene.flush();
    const all = people.flatMap((id) => answers(id).map(({ payload }) => Object(payload)));
    expect(all).toHaveLength(100);
    expect(all.filter(({ success }) => success)).toHaveLength(most);
    expect(all.at(-1)).toMatchObject({ error: { code: "rate_limited", retryable: true } });
  });
});
