import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind, refuse, server } from "../../../src/contract/index.ts";
import { testRoom } from "../../../src/testing/index.ts";
import { OPEN_MS, polls } from "../../fixtures/kinds/poll.ts";

const T0 = Date.UTC(2026, 10, 26);

/** A desk that tells the outside of what happens. */
const bell = contract("bell", {
  events: { rung: z.object({ by: z.string() }), heard: server(z.object({ key: z.string() })) },
  state: z.object({ rung: z.number(), heard: z.array(z.string()) }),
  initial: { rung: 0, heard: [] },
  apply: {
    rung: (state) => ({ ...state, rung: state.rung + 1 }),
    heard: (state, { data }) => ({ ...state, heard: [...state.heard, data.key] }),
  },
});

/** @param waits what the rule after the event waits for. */
function bells(waits: (run: number) => Promise<void>) {
  let runs = 0;
  return kind(bell, {
    before: {
      rung({ data, tx }) {
        tx.notify("cook", { type: "bell", title: `${data.by} rang` });
        tx.webhook("bell.loud", { by: data.by });
      },
    },
    after: {
      async rung({ key, room }) {
        runs += 1;
        await waits(runs);
        await room.send("heard", { key }, { key: `heard-${key}` });
      },
    },
  });
}

describe("a poll under test (hibiki/testing)", () => {
  it("is joined, voted in and closed by its timer, for all who are in it", async () => {
    const test = testRoom(polls, { now: T0 });
    const [ada, ben] = [await test.join("ada", { name: "Ada" }), await test.join("ben")];
    const heard: unknown[] = [];
    ben.on("vote", ({ data, actorId, seq }) => heard.push([data.option, actorId, seq]));

    expect(await ada.send("vote", { option: "soup" })).toEqual({ seq: 1, duplicate: false });
    expect(heard).toEqual([["soup", "ada", 1]]);
    expect(ben.state).toEqual({ open: true, votes: { ada: "soup" } });
    expect(test.state).toEqual(ben.state);
    expect(ben.users.map(({ name }) => name)).toEqual(["Ada", "ben"]);
    expect(test.now).toBe(T0);

    await test.advance(OPEN_MS);
    expect(test.state.open).toBe(false);
    expect(ada.state).toEqual(test.state);
    expect(test.now).toBe(T0 + OPEN_MS);
    await expect(ben.send("vote", { option: "bread" })).rejects.toMatchObject({ code: "closed" });
  });

  it("loses memory and connections in a crash, and nothing that was acknowledged", async () => {
    const test = testRoom(polls);
    const ada = await test.join("ada");
    await ada.send("vote", { option: "soup" });
    const second = ada.send("vote", { option: "bread" });
    await test.crash();
    expect(ada.status).toBe("reconnecting");
    expect(test.state.votes).toEqual({ ada: "soup" });
    await test.flush();
    expect(await second).toEqual({ seq: 2, duplicate: false });
    expect(ada.status).toBe("open");
    expect(test.state.votes).toEqual({ ada: "bread" });
  });

  it("hibernates with its people inside, and wakes for what they say and for its timer", async () => {
    const test = testRoom(polls);
    const ada = await test.join("ada");
    await ada.send("vote", { option: "soup" });
    await test.hibernate();
    expect(test.state.votes).toEqual({ ada: "soup" });
    await ada.send("vote", { option: "bread" });
    expect(ada.status).toBe("open");
    await test.hibernate();
    await test.advance(OPEN_MS);
    expect(test.state).toEqual({ open: false, votes: { ada: "bread" } });
  });

  it("writes a row for a vote, and none for a signal", async () => {
    const test = testRoom(polls);
    const [ada, ben] = [await test.join("ada"), await test.join("ben")];
    await ada.send("vote", { option: "soup" });
    await test.advance(60_000);
    const before = test.writes;
    const heard: string[] = [];
    ben.on("hover", ({ data }) => heard.push(data.option));
    ada.signal("hover", { option: "bread" });
    await test.flush();
    expect(heard).toEqual(["bread"]);
    expect(test.writes).toBe(before);
  });

  it("takes what clients cannot send from the typed caller, once per key", async () => {
    const test = testRoom(polls);
    const ada = await test.join("ada");
    const close = () => test.send("closed", { winner: "soup" }, { key: "close-1" });
    expect(await close()).toEqual({ seq: 1, duplicate: false });
    expect(await close()).toEqual({ seq: 1, duplicate: true });
    expect(ada.state?.open).toBe(false);
    // @ts-expect-error no client may
    await expect(ada.send("closed", { winner: "me" })).rejects.toMatchObject({
      code: "access_denied",
    });
  });

  it("answers with what a rule threw, where a client would hear that it is `internal`", async () => {
    const test = testRoom(polls);
    const [ada, ben] = [await test.join("ada"), await test.join("ben")];
    await expect(ada.send("vote", { option: "crash" })).rejects.toThrow("a rule that fails");
    expect(test.failures).toEqual([new Error("a rule that fails")]);
    // It is not sent again, and nobody else is harmed.
    await ben.send("vote", { option: "soup" });
    await test.advance(3_600);
    expect(test.failures).toHaveLength(1);
    expect(test.state.votes).toEqual({ ben: "soup" });
  });

  it("lets people do what they may, and no more", async () => {
    const test = testRoom(polls);
    const eve = await test.join("eve", { can: ["read"] });
    await expect(eve.send("vote", { option: "soup" })).rejects.toMatchObject({
      code: "access_denied",
    });
    await expect(test.join("dan", { can: [] })).rejects.toMatchObject({ code: "access_denied" });
  });

  it("answers queries of people and of the Worker, and shows what the rule of one threw", async () => {
    const counter = contract("counter", {
      events: { counted: z.object({}) },
      state: z.number(),
      initial: 0,
      apply: { counted: (state) => state + 1 },
      queries: { times: { input: z.object({ by: z.number() }), output: z.number() } },
    });
    const times = kind(counter, {
      queries: {
        times({ input, state }) {
          if (input.by === 0) throw new Error("nothing is left");
          return state * input.by;
        },
      },
    });
    const test = testRoom(times);
    const ada = await test.join("ada");
    await ada.send("counted", {});
    expect(await ada.query("times", { by: 3 })).toBe(3);
    expect(await test.query("times", { by: 2 })).toBe(2);
    await expect(ada.query("times", { by: 0 })).rejects.toThrow("nothing is left");
  });

  it("hands rules and clients what a person is said to be, over crashes and sleeps", async () => {
    const door = contract("door", {
      events: { opened: z.object({}) },
      member: z.object({ role: z.enum(["owner", "guest"]) }),
      errors: ["not_yours"],
    });
    const test = testRoom(
      kind(door, {
        before: {
          opened: ({ actor }) => (actor.member?.role === "owner" ? undefined : refuse("not_yours")),
        },
      }),
    );
    const ada = await test.join("ada", { member: { role: "owner" } });
    const ben = await test.join("ben", { member: { role: "guest" } });
    expect(ben.you).toEqual({ can: ["read", "write", "publish"], member: { role: "guest" } });
    await test.crash();
    await test.flush();
    await test.hibernate();
    await ada.send("opened", {});
    await expect(ben.send("opened", {})).rejects.toMatchObject({ code: "not_yours" });
    // @ts-expect-error there is no such role
    await expect(test.join("eve", { member: { role: "thief" } })).rejects.toThrow("role");
  });

  it("is the same from the same seed", async () => {
    const run = async (seed: number) => {
      const test = testRoom(polls, { seed });
      const ada = await test.join("ada");
      await ada.send("vote", { option: "soup" });
      await test.send("closed", { winner: "soup" }, { key: "k" });
      await test.flush();
      return test.afters;
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });
});

describe("what a room under test tells the outside", () => {
  it("is recorded: notices, webhooks, and runs of rules, which are carried out", async () => {
    const test = testRoom(bells(async () => {}));
    const ada = await test.join("ada");
    await ada.send("rung", { by: "Ada" });
    await test.flush();
    expect(test.notices).toEqual([{ userId: "cook", type: "bell", title: "Ada rang" }]);
    expect(test.webhooks).toEqual([{ type: "bell.loud", data: { by: "Ada" } }]);
    const [{ key } = { key: "" }] = test.afters;
    expect(test.afters).toEqual([{ type: "rung", key, data: { by: "Ada" } }]);
    expect(test.state).toEqual({ rung: 1, heard: [key] });
  });

  it("is tried again, under the same key, when a rule after an event fails", async () => {
    const fails = async (run: number) => {
      if (run === 1) throw new Error("the till is closed");
    };
    const test = testRoom(bells(fails));
    await test.send("rung", { by: "the Worker" }, { key: "ring-1" });
    await test.flush();
    expect(test.failures).toEqual([new Error("the till is closed")]);
    expect(test.state.heard).toEqual([]);
    await test.advance(60_000);
    expect(test.afters.map(({ key }) => key)).toEqual([test.afters[0]?.key, test.afters[0]?.key]);
    expect(test.state.heard).toEqual([test.afters[0]?.key]);
  });

  it("may take real time, for which the room's own waits", async () => {
    const test = testRoom(
      bells(() => new Promise((resolve) => setTimeout(resolve, 30))),
      { now: T0 },
    );
    await test.send("rung", { by: "the Worker" }, { key: "ring-1" });
    await test.flush();
    expect(test.state.heard).toHaveLength(1);
    expect(test.now).toBe(T0);
  });

  it("is handed the environment that the test gives", async () => {
    const seen: unknown[] = [];
    const kindOfBell = kind(bell, {
      after: {
        async rung({ env }) {
          seen.push(Reflect.get(env, "TILL_URL"));
        },
      },
    });
    const env: object = { TILL_URL: "https://till.test" };
    const test = testRoom(kindOfBell, { env });
    await test.send("rung", { by: "x" }, { key: "k" });
    await test.flush();
    expect(seen).toEqual(["https://till.test"]);
  });
});

it("throws what rules refuse, with its code and status, to the typed caller", async () => {
  const closed = kind(bell, { before: { rung: () => refuse("conflict") } });
  const test = testRoom(closed);
  await expect(test.send("rung", { by: "x" }, { key: "k" })).rejects.toMatchObject({
    name: "Refusal",
    code: "conflict",
    status: 409,
  });
});

describe("reviews under test (hibiki/testing)", () => {
  const reviewed = kind(bell, {
    review: {
      async rung({ data, env }) {
        if (data.by === "hangs") return new Promise(() => {});
        if (data.by === "nobody") return refuse("not_found");
        return Reflect.get(env, "MODERATED") === "yes" ? { by: `${data.by}!` } : undefined;
      },
    },
  });

  it("run before what is sent is queued, with the environment that the test gives", async () => {
    const test = testRoom(reviewed, { env: { MODERATED: "yes" } as object });
    const ada = await test.join("ada");
    const heard: unknown[] = [];
    ada.on("rung", ({ data }) => heard.push(data.by));
    expect(await ada.send("rung", { by: "ada" })).toEqual({ seq: 1, duplicate: false });
    await expect(ada.send("rung", { by: "nobody" })).rejects.toMatchObject({ code: "not_found" });
    expect(heard).toEqual(["ada!"]);
    expect(test.state.rung).toBe(1);
  });

  it("end in the time of the test when they hang, and are told among its failures", async () => {
    const test = testRoom(reviewed, { now: T0 });
    const key = "k-1";
    await expect(test.send("rung", { by: "hangs" }, { key })).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    expect(test.now).toBe(T0 + 2_000);
    expect(test.failures.map(String)).toEqual([expect.stringContaining("No answer in 2000 ms")]);
  });
});
