import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, type Kind, kind, type Rules, refuse } from "../../../src/contract/index.ts";
import { chatKind } from "../../../src/kinds/chat/kind.ts";
import { documentKind } from "../../../src/kinds/document/kind.ts";
import type { Question } from "../../../src/protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../../../src/protocol/authority-limits.ts";
import { authorizerOf, authorizersOf } from "../../../src/server/authorizers.ts";
import { polls } from "../../fixtures/kinds/poll.ts";

const club = contract("club", {
  member: z.object({ role: z.string(), level: z.number().default(1) }),
  errors: ["not_a_member"],
});

const QUESTION: Question = {
  userId: "ada",
  name: "Ada",
  room: "club:a",
  grants: ["read"],
  request: {},
  env: { KEY: "value" },
};

type Rule = NonNullable<Rules<typeof club>["authorize"]>;

/** What comes of a rule, whatever its types say. */
function verdictOf(rule: (asked: object) => unknown, timeMs?: number) {
  const made = kind(club, { authorize: rule as unknown as Rule });
  return authorizerOf(made, timeMs)?.ask(QUESTION);
}

const member = { role: "owner" };

describe("authorize", () => {
  it("is asked about a person and a room, and is told what the token grants", async () => {
    let asked: object = {};
    await verdictOf(async (question) => {
      asked = question;
    });
    const actor = { id: "ada", name: "Ada" };
    expect(asked).toEqual({
      actor,
      room: "club:a",
      grants: ["read"],
      request: {},
      env: { KEY: "value" },
    });
    expect(Object.isFrozen(Reflect.get(asked, "actor"))).toBe(true);
  });

  it("grants what it says, for as long as it says, with the member as its schema puts it out", async () => {
    expect(
      await verdictOf(async () => ({ can: ["write", "read", "read"], for: "5m", member })),
    ).toEqual({
      kind: "granted",
      permissions: ["read", "write"],
      forMs: 300_000,
      member: { role: "owner", level: 1 },
    });
    expect(await verdictOf(async () => ({ can: [], member }))).toMatchObject({ forMs: undefined });
  });

  it.each([
    ["30s", 30_000],
    ["1.5h", 5_400_000],
    ["24h", 86_400_000],
  ])("grants for %s", async (span, forMs) => {
    expect(await verdictOf(async () => ({ can: [], for: span, member }))).toMatchObject({ forMs });
  });

  it.each<[string, () => unknown]>([
    ["nothing", async () => undefined],
    ["yes", async () => true],
    ["no list of permissions", async () => ({ member })],
    ["another permission", async () => ({ can: ["read", "own"], member })],
    ["another field", async () => ({ can: ["read"], until: 7, member })],
    ["less than half a minute", async () => ({ can: ["read"], for: "29s", member })],
    ["more than a day", async () => ({ can: ["read"], for: "25h", member })],
    ["no time", async () => ({ can: ["read"], for: 60, member })],
    ["no member", async () => ({ can: ["read"] })],
    ["a member that the schema refuses", async () => ({ can: ["read"], member: {} })],
    [
      "a member that is too large",
      async () => ({
        can: ["read"],
        member: { role: "é".repeat(AUTHORITY_BOUNDS.memberBytes / 2) },
      }),
    ],
    ["a refusal that nobody could be ready for", async () => refuse("unheard_of")],
  ])("that answers %s lets nobody in (P14.2)", async (_, rule) => {
    expect(await verdictOf(rule)).toMatchObject({
      kind: "failed",
      error: { code: "internal", retryable: true },
      reason: expect.stringMatching(/^(Type|Range)Error: /),
    });
  });

  it.each<[string, () => unknown]>([
    ["throws", () => Promise.reject(new Error("no database"))],
    [
      "throws before it waits",
      () => {
        throw new Error("no database");
      },
    ],
    ["takes too long", () => new Promise(() => {})],
  ])("that %s lets nobody in who may not come again later (P14.2)", async (_, rule) => {
    expect(await verdictOf(rule, 20)).toMatchObject({
      kind: "failed",
      error: { code: "unavailable", retryable: true },
      reason: expect.stringMatching(/no database|No answer in 20 ms/),
    });
  });

  it.each<[string, () => unknown]>([
    ["throws", () => Promise.reject(Object.create(null))],
    ["answers with", async () => ({ can: [Object.create(null)], member: Object.create(null) })],
    [
      "answers, with a field that throws,",
      async () => ({
        get can() {
          throw Object.create(null);
        },
      }),
    ],
  ])("is a verdict when it %s what has no words", async (_, rule) => {
    expect(await verdictOf(rule)).toMatchObject({ kind: "failed", reason: expect.any(String) });
  });

  it.each<[string, () => unknown]>([
    ["returned", async () => refuse("not_a_member", "No.", { status: 402, data: { a: 1 } })],
    [
      "thrown",
      () => Promise.reject(refuse("not_a_member", "No.", { status: 402, data: { a: 1 } })),
    ],
  ])("refuses by what is %s (P14.3)", async (_, rule) => {
    expect(await verdictOf(rule)).toEqual({
      kind: "refused",
      error: {
        code: "not_a_member",
        message: "No.",
        retryable: false,
        status: 402,
        data: { a: 1 },
      },
    });
  });
});

describe("the authorizers of a deployment", () => {
  const clubs = kind(club, { authorize: async () => refuse("not_a_member") });
  const kinds = new Map<string, Kind>([
    ["club", clubs],
    ["poll", polls],
  ]);

  it.each([
    ["club:a", true],
    ["poll:a", false],
    ["general", true],
    ["else:a", true],
    ["document:a", true],
    ["topic:a", false],
    ["user:ada", false],
    [":club", true],
  ])("decide on %s: %s", (room, decides) => {
    const rules = { authorize: async () => ({ can: ["read"] as const }) };
    const authorizers = authorizersOf(kinds, [chatKind(rules), documentKind(rules)]);
    expect(authorizers.of(room) !== undefined).toBe(decides);
  });

  it("are none where no kind has the rule", () => {
    const builtIn = [chatKind({}), documentKind({})];
    expect(authorizersOf(new Map([["poll", polls]]), builtIn).any).toBe(false);
    expect(authorizersOf(kinds, builtIn).any).toBe(true);
    const ofDocuments = documentKind({ authorize: async () => ({ can: [] }) });
    expect(authorizersOf(new Map(), [chatKind({}), ofDocuments]).any).toBe(true);
  });
});
