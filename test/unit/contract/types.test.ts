import { expect, it } from "vitest";
import * as z from "zod";
import {
  type Caller,
  contract,
  type In,
  kind,
  type Out,
  type Rules,
  refuse,
  server,
  type Tx,
} from "../../../src/contract/index.ts";
import { type amount, poll, polls } from "./poll.ts";

type Poll = typeof poll;

const vote = z.object({ option: z.string() });

it("knows what goes into a schema and what comes out of it", () => {
  const input: In<typeof amount> = "5";
  const output: Out<typeof amount> = 5;
  // @ts-expect-error: the output is no input.
  const wrong: In<typeof amount> = 5;
  expect([input, output, wrong]).toBeDefined();
});

it("knows whether a contract has receipts", () => {
  const read: true = contract("a", { receipts: true }).receipts;
  const unread: false = contract("a", {}).receipts;
  expect([read, unread]).toEqual([true, false]);
  // Both ends fold the same events with and without.
  expect(contract("a", { receipts: true }).hash).toBe(contract("a", {}).hash);
});

it("refuses a contract whose parts do not fit each other", () => {
  const checked = () => {
    // @ts-expect-error: state needs an initial one.
    contract("a", { state: z.object({ n: z.number() }) });
    // @ts-expect-error: initial is of no state.
    contract("a", { initial: 1 });
    // @ts-expect-error: not this state's.
    contract("a", { state: z.object({ n: z.number() }), initial: { n: "1" } });
    const state = z.object({ n: z.number() });
    const initial = { n: 0 };
    // @ts-expect-error: folds into another state.
    contract("a", { events: { vote }, state, initial, apply: { vote: () => 7 } });
    // @ts-expect-error: there is no such event.
    contract("a", { events: { vote }, state, initial, apply: { lunch: (s) => s } });
    // @ts-expect-error: a promise is no state.
    contract("a", { events: { vote }, state, initial, apply: { vote: async (s) => s } });
    contract("a", {
      events: { vote },
      state,
      initial,
      apply: {
        vote: (s) => {
          // @ts-expect-error: state is read-only.
          s.n = 1;
          return s;
        },
      },
    });
    contract("a", {
      events: { vote },
      state,
      initial,
      // @ts-expect-error: an option is text.
      apply: { vote: (s, { data }) => ({ n: s.n + data.option.toFixed() }) },
    });
    // @ts-expect-error: no schema.
    server({});
  };
  expect(checked).toThrow(TypeError);
});

it("takes a contract with its keys in any order, and one without any", () => {
  const reversed = contract("a", {
    apply: { vote: (s) => ({ n: s.n + 1 }) },
    initial: { n: 0 },
    state: z.object({ n: z.number() }),
    events: { vote },
  });
  const bare = contract("b", {});
  const n: number = reversed.initial.n;
  const nothing: undefined = bare.initial;
  kind(bare, {});
  expect([n, nothing]).toEqual([0, undefined]);
});

it("keeps the literals of what apply, rules and queries answer", () => {
  const position = z.enum(["open", "shut"]);
  const door = contract("door", {
    events: { opened: z.object({}), closed: z.object({ by: z.string() }), jam: z.object({}) },
    state: z.object({ position, past: z.array(z.object({ position })) }),
    initial: { position: "shut", past: [] },
    apply: {
      opened: (state) => ({ position: "open", past: [...state.past, { position: "open" }] }),
      closed: (state, { seq }) => (seq > 1 ? { ...state, position: "shut" } : state),
      // @ts-expect-error: no such position.
      jam: (state) => ({ ...state, position: "ajar" }),
    },
    queries: { now: { input: z.object({}), output: z.object({ position }) } },
  });
  const doors = kind(door, { queries: { now: () => ({ position: "open" }) } });
  expect(doors.contract).toBe(door);
});

it("hands rules what the contract says, and takes nothing else from them", () => {
  const rest = {
    timers: { deadline: () => {} },
    queries: { tally: () => ({}) },
  } as const;
  const checked = (): readonly Rules<Poll>[] => [
    // @ts-expect-error: there is no such event.
    { ...rest, before: { lunch: () => undefined } },
    // @ts-expect-error: not the event's data.
    { ...rest, before: { vote: () => ({ option: 7 }) } },
    // @ts-expect-error: rules of the flush are synchronous.
    { ...rest, before: { vote: async () => undefined } },
    // @ts-expect-error: they see no environment.
    { ...rest, before: { vote: ({ env }) => env } },
    // @ts-expect-error: the contract has no such code.
    { ...rest, before: { vote: () => refuse("clozed") } },
    // @ts-expect-error: also beside other returns.
    { ...rest, before: { vote: ({ data }) => (data.option === "" ? refuse("clozed") : data) } },
    {
      ...rest,
      before: {
        vote: ({ state, data, actor, tx, now }) => {
          // @ts-expect-error: state is read-only.
          state.open = false;
          // @ts-expect-error: so is data.
          data.option = "a";
          // @ts-expect-error: the API key has no member.
          actor.member.role;
          const role: "owner" | "voter" | undefined = actor.member?.role;
          // @ts-expect-error: there is no such event.
          tx.append("lunch", {});
          // @ts-expect-error: not its data.
          tx.append("closed", { loser: "a" });
          // @ts-expect-error: an event is no signal.
          tx.publish("vote", { option: "a" });
          // @ts-expect-error: there is no such timer.
          tx.schedule("noon", now, {});
          // @ts-expect-error: not its data.
          tx.schedule("deadline", now, { asked: 1 });
          // @ts-expect-error: there is no such timer.
          tx.cancel("noon");
          tx.append("paid", "5");
          // @ts-expect-error: a sender writes the schema's input.
          tx.append("paid", 5);
          return role === "owner" ? undefined : refuse("access_denied");
        },
        hover: () => {},
        paid: ({ data }) => {
          const cents: number = data;
          return cents > 1 ? undefined : "5";
        },
      },
    },
    // @ts-expect-error: each timer has a rule.
    { queries: rest.queries },
    // @ts-expect-error: each query has an answer.
    { timers: rest.timers },
    // @ts-expect-error: and it is of its type.
    { ...rest, queries: { tally: () => ({ a: "1" }) } },
    {
      ...rest,
      after: {
        closed: async ({ data, room, key }) => {
          const winner: string = data.winner;
          // @ts-expect-error: there is no such event.
          await room.send("lunch", { winner }, { key });
          // @ts-expect-error: it needs a key.
          await room.send("closed", { winner });
        },
      },
    },
  ];
  expect(checked).toBeTypeOf("function");
});

it("knows what authorize may grant", () => {
  const rest = { timers: { deadline: () => {} }, queries: { tally: () => ({}) } } as const;
  const checked = () => {
    kind(poll, {
      ...rest,
      // @ts-expect-error: there is no such permission.
      authorize: async () => ({ can: ["reed"], member: { role: "voter" } }),
    });
    // @ts-expect-error: the contract's people are members.
    kind(poll, { ...rest, authorize: async () => ({ can: ["read"] }) });
    kind(poll, {
      ...rest,
      // @ts-expect-error: not this kind of member.
      authorize: async () => ({ can: ["read"], member: { role: "guest" } }),
    });
    kind(poll, {
      ...rest,
      // @ts-expect-error: a span has a unit.
      authorize: async () => ({ can: ["read"], member: { role: "voter" }, for: "5" }),
    });
    // @ts-expect-error: the contract has no such code.
    kind(poll, { ...rest, authorize: async () => refuse("clozed") });
    kind(contract("bare", {}), { authorize: async () => ({ can: ["read"] }) });
    kind(contract("bare", {}), {
      // @ts-expect-error: it has no queries.
      queries: { tally: () => 1 },
    });
  };
  expect(checked).toBeTypeOf("function");
});

it("types the caller of a room by its contract", () => {
  const checked = async (room: Caller<Poll>, tx: Tx<Poll>) => {
    await room.send("closed", { winner: "a" }, { key: "k" });
    // @ts-expect-error: not its data.
    await room.send("closed", { winner: 1 }, { key: "k" });
    const tally: Record<string, number> = await room.query("tally", {});
    const { open } = await room.state();
    // @ts-expect-error: no such field.
    (await room.state()).shut;
    const name: `poll:${string}` = room.name;
    tx.publish("hover", { option: "a" });
    return [tally, open satisfies boolean, name];
  };
  expect(checked).toBeTypeOf("function");
  expect(polls.contract.prefix satisfies "poll").toBe("poll");
});
