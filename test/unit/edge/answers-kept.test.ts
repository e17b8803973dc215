import { beforeEach, describe, expect, it } from "vitest";
import { AnswersKept, type Whose } from "../../../src/edge/answers-kept.ts";
import type { Answer, Granted, Verdict } from "../../../src/protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../../../src/protocol/authority-limits.ts";
import { refusal } from "../../../src/protocol/error.ts";

const T0 = 1_000_000;
const ADA: Whose = { room: "club:a", userId: "ada", token: "t-1", address: "192.0.2.1" };
const GRANTED: Granted = {
  kind: "granted",
  permissions: ["read"],
  forMs: undefined,
  member: undefined,
};
const NO = refusal("access_denied", "No.");

let kept: AnswersKept;
let asks: number;
beforeEach(() => {
  kept = new AnswersKept();
  asks = 0;
});

function ask(verdict: Verdict, whose = ADA, now = T0): Promise<Answer> {
  return kept.ask(
    whose,
    async () => {
      asks += 1;
      return { askedAt: now, verdict };
    },
    now,
  );
}

describe("answers of rules", () => {
  it.each<[string, Verdict, number]>([
    ["a grant for a minute", GRANTED, AUTHORITY_BOUNDS.answerKeptMs],
    ["a shorter grant for as long", { ...GRANTED, forMs: 30_000 }, 30_000],
    ["a refusal for seconds", { kind: "refused", error: NO }, AUTHORITY_BOUNDS.refusalKeptMs],
    ["a failure for no time", { kind: "failed", error: NO, reason: "" }, 0],
  ])("keep %s", async (_, verdict, ms) => {
    await ask(verdict);
    if (ms > 0) expect(kept.find(ADA, T0 + ms - 1)).toEqual({ askedAt: T0, verdict });
    expect(kept.find(ADA, T0 + ms)).toBeUndefined();
  });

  it.each<[string, Partial<Whose>]>([
    ["room", { room: "club:b" }],
    ["person", { userId: "ben" }],
    ["token", { token: "t-2" }],
    ["address", { address: "192.0.2.2" }],
  ])("are of one %s alone", async (_, other) => {
    await ask(GRANTED);
    expect(kept.find({ ...ADA, ...other }, T0)).toBeUndefined();
    await Promise.all([ask(GRANTED, { ...ADA, ...other }), ask(GRANTED, { ...ADA, ...other })]);
    expect(asks).toBe(2);
  });

  it("are asked for once by whoever asks at once, and again when the platform lost the first", async () => {
    const lost = () => new Promise<Answer>(() => {});
    void kept.ask(ADA, lost, T0);
    void ask(GRANTED, ADA, T0 + AUTHORITY_BOUNDS.authorizeMs - 1);
    expect(asks).toBe(0);
    await ask(GRANTED, ADA, T0 + AUTHORITY_BOUNDS.authorizeMs);
    expect(asks).toBe(1);
  });

  it("leave nothing behind that the platform lost, whoever asks next", async () => {
    const lost = Promise.withResolvers<Answer>();
    void kept.ask(ADA, () => lost.promise, T0);
    await ask(GRANTED, { ...ADA, userId: "ben" }, T0 + AUTHORITY_BOUNDS.authorizeMs);
    lost.resolve({ askedAt: T0, verdict: GRANTED });
    await lost.promise;
    await Promise.resolve();
    expect(kept.find(ADA, T0 + AUTHORITY_BOUNDS.authorizeMs)).toBeUndefined();
  });

  it("are forgotten after a nudge, those that are on their way as well", async () => {
    const ben = { ...ADA, userId: "ben" };
    await Promise.all([ask(GRANTED), ask(GRANTED, ben)]);
    kept.forget("club:b", undefined);
    kept.forget("club:a", "ada");
    expect([kept.find(ADA, T0), kept.find(ben, T0)?.askedAt]).toEqual([undefined, T0]);
    const late = ask(GRANTED);
    kept.forget("club:a", undefined);
    await late;
    expect([kept.find(ADA, T0), kept.find(ben, T0)]).toEqual([undefined, undefined]);
  });

  it("are none of the future when the clock was set back", async () => {
    await ask(GRANTED);
    expect(kept.find(ADA, T0 - 1)).toBeUndefined();
  });

  it("are bounded: the oldest goes first", async () => {
    for (let i = 0; i <= AUTHORITY_BOUNDS.answersKept; i++)
      await ask(GRANTED, { ...ADA, userId: `u-${i}` });
    expect(kept.find({ ...ADA, userId: "u-0" }, T0)).toBeUndefined();
    expect(kept.find({ ...ADA, userId: "u-1" }, T0)).toBeDefined();
  });
});
