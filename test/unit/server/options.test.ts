import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { checkedKinds, type Options } from "../../../src/server/options.ts";
import { poll, polls } from "../../fixtures/kinds/poll.ts";

const room = contract("room-of-ours", { events: { said: z.object({}) } });
const ours = kind(room, {});

describe("the options of hibiki()", () => {
  it("are its kinds by their prefixes", () => {
    expect([...checkedKinds({ kinds: [polls, ours] })]).toEqual([
      ["poll", polls],
      ["room-of-ours", ours],
    ]);
    expect(checkedKinds({}).size).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ["nothing", null, "an object of options"],
    ["an unknown option", { kind: [polls] }, 'no option "kind"'],
    ["rules on chats that were not loaded yet", { chat: undefined }, "chat is undefined"],
    ["a kind by itself", { kinds: polls }, "a list"],
    ["a contract for a kind", { kinds: [poll] }, "kinds[0] is a contract"],
    ["something else", { kinds: [polls, {}] }, "kinds[1] is nothing that kind() made"],
    [
      "two kinds of one prefix",
      { kinds: [polls, ours, kind(contract("poll", {}), {})] },
      '"poll:…"',
    ],
    [
      "a prefix of Hibiki's own, past contract()",
      { kinds: [{ ...ours, contract: { ...room, prefix: "topic" } }] },
      "Hibiki's own",
    ],
    ["no binding", { pages: true }, "pages is the name of a binding"],
    [
      "a member that nobody says",
      { kinds: [kind(contract("p", { member: z.object({}) }), {})] },
      "no authorize that says it",
    ],
  ])("refuse %s when the Worker starts", (_, options, problem) => {
    const start = () => checkedKinds(options as Options);
    expect(start).toThrow(TypeError);
    expect(start).toThrow(problem);
  });
});
