import { beforeEach, describe, expect, it } from "vitest";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { Reauthorization } from "../../../src/objects/reauthorization.ts";
import { admittedBy, type Granted, type Question } from "../../../src/protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../../../src/protocol/authority-limits.ts";
import { clubs } from "../../fixtures/kinds/club.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

const MINUTE = 60_000;
const OWNER: Granted = {
  kind: "granted",
  permissions: ["read", "write"],
  forMs: 5 * MINUTE,
  member: { role: "owner" },
};

let scene: RoomScene;
let asked: Question[];
/** Answers those who were asked so far, the oldest first. */
let answers: ((granted: Granted) => void)[];
let reauthorization: Reauthorization;
let errors: unknown[];

/** What the rule does when it is asked. */
let ask: (question: Question) => Promise<Granted>;

beforeEach(() => {
  scene = new RoomScene("club:a", {}, new KindTable([...BUILT_IN, clubs]));
  asked = [];
  answers = [];
  errors = [];
  ask = () => new Promise((resolve) => answers.push(resolve));
  reauthorization = new Reauthorization({
    turns: { turn: (work) => work(T0 + 1), background: (work) => void work },
    name: "club:a",
    room: scene.room,
    authorizer: {
      kind: { name: "club", errors: [] },
      ask(question) {
        asked.push(question);
        return ask(question);
      },
    },
    env: {},
    journal: { error: (_, error) => errors.push(error) },
    clock: () => T0 + 1,
  });
});

function join(id: string, userId = id, url = "https://edge.test/"): void {
  const request = { url, headers: {} };
  const whose = { askedAt: T0, tokenEndsAt: T0 + 60 * MINUTE, grants: [], request };
  scene.join(id, { userId, name: userId, ...admittedBy(OWNER, whose) });
}

async function answerOldest(): Promise<void> {
  answers.shift()?.(OWNER);
  await new Promise((resolve) => setTimeout(resolve));
}

const users = () => asked.map(({ userId }) => userId);
const askAt = (id: string) => scene.room.connection(id)?.session.authority?.askAt;

function nudge(userId?: string): void {
  scene.room.authorities.nudge(userId, T0 + 1);
  reauthorization.begin(T0 + 1, userId);
}

describe("asking anew", () => {
  it("asks once about a person's connections of which the rule is told the same, and heeds it for all", async () => {
    for (let i = 0; i < 9; i += 1) join(`tab-${i}`, "ada");
    join("other", "ada", "https://edge.test/?from=elsewhere");
    nudge();
    expect(users()).toEqual(["ada", "ada"]);
    expect(asked.map(({ request }) => (request as Request).url)).toEqual([
      "https://edge.test/",
      "https://edge.test/?from=elsewhere",
    ]);
    await answerOldest();
    for (let i = 0; i < 9; i += 1) expect(askAt(`tab-${i}`)).toBe(T0 + 1 + 5 * MINUTE);
    expect(askAt("other")).toBe(T0 + 1);
  });

  it("asks about one person before all the others who wait", async () => {
    const many = AUTHORITY_BOUNDS.asksAtOnce + 20;
    for (let i = 0; i < many; i += 1) join(`p${i}`);
    nudge();
    const last = `p${many - 1}`;
    nudge(last);
    await answerOldest();
    expect(users().at(-1)).toBe(last);
    expect(users()).toHaveLength(AUTHORITY_BOUNDS.asksAtOnce + 1);
  });

  it("asks by what is known when its turn has come, and about nobody who has gone", async () => {
    const many = AUTHORITY_BOUNDS.asksAtOnce;
    for (let i = 0; i < many; i += 1) join(`p${i}`);
    for (const id of ["gone", "here"]) join(id);
    nudge();
    scene.room.authorities.nudge("here", T0 + 1);
    scene.room.leave("gone", T0 + 1);
    await answerOldest();
    expect(users().slice(many)).toEqual(["here"]);
    for (let i = 0; i < many; i += 1) await answerOldest();
    expect(askAt("here")).toBe(T0 + 1 + 5 * MINUTE);
  });

  it.each<[string, () => Promise<Granted>]>([
    ["throws", () => Promise.reject(new Error("a rule that fails"))],
    [
      "throws at once",
      () => {
        throw new Error("a rule that fails");
      },
    ],
  ])("is tried again where what asks %s", async (_, fails) => {
    join("ada");
    ask = fails;
    nudge();
    await answerOldest();
    expect(errors).toEqual(["a rule that fails"]);
    expect(askAt("ada")).toBe(T0 + 1 + AUTHORITY_BOUNDS.askAgainMs);
    const later = T0 + 1 + AUTHORITY_BOUNDS.askAgainMs;
    expect(scene.room.authorities.toAsk(later)).toHaveLength(1);
  });

  it("is tried again where what was kept of a request is none", async () => {
    join("ada", "ada", "no address");
    nudge();
    await answerOldest();
    expect([asked, errors.length]).toEqual([[], 1]);
    expect(askAt("ada")).toBe(T0 + 1 + AUTHORITY_BOUNDS.askAgainMs);
  });
});
