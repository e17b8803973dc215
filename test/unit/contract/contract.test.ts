import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  contract,
  kind,
  refuse,
  type StandardSchemaV1,
  server,
} from "../../../src/contract/index.ts";
import { parse } from "../../../src/contract/parse.ts";
import { isRefusal } from "../../../src/contract/refusal.ts";
import { isServerOnly } from "../../../src/contract/schema.ts";
import { amount, poll, polls } from "./poll.ts";

const text = z.object({ text: z.string() });
/** One that has to ask somebody. */
const asynchronous: StandardSchemaV1<string> = {
  "~standard": {
    version: 1,
    vendor: "by hand",
    validate: async (value) => ({ value: String(value) }),
  },
};

const one = () => 1;

/** What JavaScript may hand over, whatever the types say. */
const untyped = contract as (prefix: string, shape: object) => typeof poll;

describe("a contract", () => {
  it("holds what both ends know, and is not changed by anyone", () => {
    expect(poll).toMatchObject({
      prefix: "poll",
      version: 2,
      oldest: 1,
      errors: ["closed", "not_a_member"],
    });
    expect(poll.initial).toEqual({ open: true, votes: {} });
    // A rule that could change it would change what every new room begins with.
    expect(Object.isFrozen(poll.initial)).toBe(true);
    expect(Object.isFrozen(poll) && Object.isFrozen(poll.events)).toBe(true);
  });

  it.each([
    ["a prefix with a colon", "a:b", {}, /prefix is 1 to 31/],
    ["a prefix in capitals", "Poll", {}, /prefix is 1 to 31/],
    ["a prefix of Hibiki's own", "user", {}, /Hibiki's own/],
    ["a part that there is not", "a", { event: {} }, /has no "event"/],
    [
      "a type of Hibiki's own",
      "a",
      { events: { new_message: text } },
      /"new_message" is Hibiki's own/,
    ],
    ["a signal of that name", "a", { signals: { ack: text } }, /"ack" is Hibiki's own/],
    ["a type that is no name", "a", { events: { "a b": text } }, /is no type/],
    [
      "an event and a signal of one name",
      "a",
      { events: { x: text }, signals: { x: text } },
      /can be only one/,
    ],
    ["what is no schema", "a", { events: { x: {} } }, /events\.x needs a schema/],
    [
      "a query without an output",
      "a",
      { queries: { q: { input: text } } },
      /queries\.q\.output needs/,
    ],
    ["a code of Hibiki's own", "a", { errors: ["rate_limited"] }, /"rate_limited" is Hibiki's own/],
    [
      "a code that came later",
      "a",
      { errors: ["method_not_allowed"] },
      /"method_not_allowed" is Hibiki's own/,
    ],
    [
      "receipts that are neither asked for nor not",
      "a",
      { receipts: "yes" },
      /receipts is true or/,
    ],
    [
      "events of a class",
      "a",
      {
        events: new (class {
          said = text;
        })(),
      },
      /events is of a class/,
    ],
    [
      "a state that a class folds",
      "a",
      {
        events: { x: text },
        state: text,
        initial: { text: "" },
        apply: new (class {
          x() {}
        })(),
      },
      /apply is of a class/,
    ],
    ["what is no code", "a", { errors: ["Not This"] }, /is no code/],
    ["a state without an initial one", "a", { state: text }, /needs an initial/],
    [
      "an initial state that its schema does not take",
      "a",
      { state: text, initial: { text: 1 } },
      /initial\.text/,
    ],
    [
      "a fold of no event",
      "a",
      { state: text, initial: { text: "" }, apply: { x: one } },
      /apply\.x/,
    ],
    ["a fold into no state", "a", { events: { x: text }, apply: { x: one } }, /no state/],
    ["a version that is none", "a", { version: 0 }, /version is a whole number/],
    ["an oldest version of the future", "a", { oldest: 2 }, /oldest is/],
    ["a step from no earlier version", "a", { version: 2, migrate: { 2: {} } }, /migrate\["2"\]/],
    [
      "a state whose schema is asynchronous",
      "a",
      { state: asynchronous, initial: "" },
      /asynchronous/,
    ],
  ])("is not made of %s", (_, prefix, shape, problem) => {
    expect(() => untyped(prefix, shape)).toThrow(problem);
  });

  it("has a hash that tells what folds differently, and nothing of how it is written", () => {
    const shape = { events: { x: text, y: text }, state: text, initial: { text: "" } } as const;
    const { hash } = contract("a", shape);
    expect(hash).toMatch(/^[0-9a-f]{8}$/);
    expect(contract("a", { ...shape, events: { y: text, x: text } }).hash).toBe(hash);
    const others = [
      contract("b", shape),
      contract("a", { ...shape, version: 2 }),
      contract("a", { ...shape, events: { x: text } }),
      contract("a", { ...shape, events: { x: text, y: server(text) } }),
      contract("a", { ...shape, apply: { x: (state) => state } }),
      contract("a", { ...shape, initial: { text: "other" } }),
      contract("a", { ...shape, signals: { z: text } }),
    ].map((other) => other.hash);
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });
});

describe("server()", () => {
  it("marks one event, and not the schema where else it serves", () => {
    const { events } = contract("a", { events: { x: text, y: server(text) } });
    expect([isServerOnly(events.x), isServerOnly(events.y)]).toEqual([false, true]);
    expect(parse(events.y, { text: "a" }, "y")).toEqual({ ok: true, value: { text: "a" } });
  });
});

describe("a schema", () => {
  it("says what it put out, or names what is wrong and where", () => {
    expect(parse(amount, "5", "amount")).toEqual({ ok: true, value: 5 });
    expect(parse(amount, "x", "amount")).toEqual({
      ok: false,
      problem: "amount: must be positive",
    });
    const parsed = parse(text, { text: 1 }, "payload");
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(/^payload\.text: /) });
  });

  it("answers at once, or is said to be at fault", () => {
    expect(() => parse(asynchronous, "a", "payload")).toThrow(/asynchronous/);
  });
});

describe("a kind", () => {
  const untypedKind = kind as (contract: object, rules: object) => unknown;
  const timers = { deadline: () => {} };
  const queries = { tally: () => ({}) };

  it("is a contract and its rules", () => {
    expect(polls.contract).toBe(poll);
    expect(polls.rules.before?.["vote"]).toBeTypeOf("function");
  });

  it.each([
    ["a rule that there is not", { timers, queries, onVote: () => {} }, /no rule "onVote"/],
    ["a rule for no event", { timers, queries, before: { lunch: () => {} } }, /no "lunch"/],
    [
      "a rule after a signal, which is not stored",
      { timers, queries, after: { hover: () => {} } },
      /no "hover"/,
    ],
    [
      "what is no function",
      { timers, queries, before: { vote: 1 } },
      /before\.vote is no function/,
    ],
    [
      "a rule that a class has, which would keep nobody out",
      Object.assign(Object.create({ authorize: async () => ({ can: [] }) }), { timers, queries }),
      /has authorize inherited/,
    ],
    [
      "rules of signals and events that a class has",
      {
        timers,
        queries,
        before: new (class {
          vote() {}
        })(),
      },
      /before has vote inherited/,
    ],
    [
      "a class of rules none of which is known",
      {
        timers,
        queries,
        before: new (class {
          vot() {}
        })(),
      },
      /before is of a class/,
    ],
    ["a function where rules are", { timers, queries, before: () => {} }, /before is no object/],
    ["rules of null", { timers, queries, review: null }, /review is no object/],
    [
      "a rule that is hidden",
      Object.defineProperty({ timers, queries }, "authorize", { value: async () => ({ can: [] }) }),
      /has authorize inherited, as of a class, or hidden/,
    ],
    [
      "a rule that was not loaded yet",
      { timers, queries, authorize: undefined },
      /authorize is undefined: leave it out, or/,
    ],
    ["a timer without a rule", { queries }, /timers\.deadline has no rule/],
    ["a query without an answer", { timers }, /queries\.tally has no rule/],
    ["another word for a timeout", { timers, queries, review: { onTimeout: "wait" } }, /onTimeout/],
    ["no rules", null, /an object of rules/],
  ])("is not made of %s", (_, rules, problem) => {
    expect(() => untypedKind(poll, rules)).toThrow(problem);
  });

  it("is not made of what is no contract", () => {
    expect(() => untypedKind({}, {})).toThrow(/takes what contract\(\) made/);
  });

  it("names what there is in place of what there is not", () => {
    const rules = { timers, queries, before: { lunch: () => {} } };
    expect(() => untypedKind(poll, rules)).toThrow(
      /before\.lunch: there is no "lunch", but vote, /,
    );
  });
});

describe("refuse()", () => {
  it("is an error with a code, whether it is returned or thrown", () => {
    const refusal = refuse("closed", "The poll is over.", { data: { winner: "ramen" } });
    expect(refusal).toBeInstanceOf(Error);
    expect(isRefusal(refusal)).toBe(true);
    expect(refusal).toMatchObject({
      code: "closed",
      status: 422,
      retryable: false,
      data: { winner: "ramen" },
    });
    expect(isRefusal(new Error("closed"))).toBe(false);
  });

  it("refuses nothing with a status of success", () => {
    expect(() => refuse("closed", "", { status: 200 })).toThrow(/status 200/);
  });
});
