import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { afterRuns, doorman, type Foul, LATE_MS } from "../../fixtures/kinds/foul.ts";
import { pause } from "../../support/pause.ts";
import { bury, lettersOf } from "../support/dead-letters.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

afterEach(() => {
  doorman.how = undefined;
});

const room = () => `foul:${crypto.randomUUID()}`;

const FINE = { hook: "none", how: "" };

interface Stats {
  readonly refusals: Record<string, number>;
  readonly ruleFailures: Record<string, number>;
  readonly seq: number;
}

async function statsOf(name: string): Promise<Stats> {
  const response = await call("GET", `/v1/rooms/${name}/stats`);
  return response.json();
}

async function stateOf(name: string): Promise<unknown> {
  const response = await call("GET", `/v1/rooms/${name}/state`);
  return (await response.json<{ state: unknown }>()).state;
}

/** By what the sender is told of it: nothing where it was let through. */
const FOULS: readonly (readonly [hook: string, how: Foul, code: string | undefined])[] = [
  ["before", "throws", "internal"],
  ["before", "rubbish", "internal"],
  ["before", "slow", undefined],
  ["before", "grows", "internal"],
  ["before", "changes", "internal"],
  ["before", "floods", "internal"],
  ["apply", "throws", "internal"],
  ["apply", "rubbish", "internal"],
  ["apply", "slow", undefined],
  ["apply", "grows", "internal"],
  ["apply", "changes", "internal"],
  ["review", "throws", "internal"],
  ["review", "rubbish", "internal"],
  ["review", "slow", undefined],
  ["review", "grows", "internal"],
  ["review", "changes", "internal"],
];

describe("a rule that does what no rule should harms its own frame alone (P12.5)", () => {
  it.each(FOULS)("%s that %s", async (hook, how, code) => {
    const name = room();
    const [ada, ben, cem] = await Promise.all(
      ["ada", "ben", "cem"].map((user) => Peer.connect(name, user)),
    );
    // One flush takes them all: what others say stands, before it and after it.
    const [before, foul, after] = await Promise.all([
      ben?.ask("say", FINE),
      ada?.ask("say", { hook, how }),
      cem?.ask("say", FINE),
    ]);
    expect([before, after]).toMatchObject([{ success: true }, { success: true }]);
    expect(foul.error?.code).toBe(code);
    const stored = code === undefined ? 3 : 2;
    await ben?.see("say", stored);
    expect(await stateOf(name)).toEqual({
      count: hook === "apply" ? 2 : stored,
      ballast: "",
    });
    const { refusals, ruleFailures, seq } = await statsOf(name);
    expect([refusals["internal"] ?? 0, seq]).toEqual([code === undefined ? 0 : 1, stored]);
    // A review may let through what turns out to be too large: that is refused without it.
    const isBlamed = code !== undefined && !(hook === "review" && how === "grows");
    expect(ruleFailures).toEqual(isBlamed ? { [hook]: 1 } : {});
    // What was refused was not stored by half: it may be sent again, and the room goes on.
    expect(await ada?.ask("say", FINE)).toMatchObject({ savedId: stored + 1 });
  });

  it.each(["throws", "rubbish", "changes"])("a signal's that %s", async (how) => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    const ben = await Peer.connect(name, "ben");
    expect(await ada.ask("wave", { hook: "before", how })).toMatchObject({
      error: { code: "internal" },
    });
    expect(await ben.ask("say", FINE)).toMatchObject({ savedId: 1 });
    expect(ben.of("wave")).toEqual([]);
    expect((await statsOf(name)).ruleFailures).toEqual({ before: 1 });
  });
});

describe("a query whose rule does what no rule should harms whoever asked it alone (P12.6)", () => {
  it.each([
    ["throws", "internal"],
    ["rubbish", "internal"],
    ["slow", undefined],
    ["grows", "internal"],
    ["changes", "internal"],
  ] as const)("%s", async (how, code) => {
    const name = room();
    const [ada, ben] = await Promise.all([Peer.connect(name, "ada"), Peer.connect(name, "ben")]);
    const input = { hook: "queries", how };
    ada.send({ type: "query", messageId: "q", payload: { name: "count", input } });
    // In the same flush.
    expect(await ben.ask("say", FINE)).toMatchObject({ savedId: 1 });
    await ada.see("answer");
    const [answer] = ada.of("answer");
    expect([answer.success, answer.error?.code]).toEqual([code === undefined, code]);
    const query = `query/count?input=${encodeURIComponent(JSON.stringify(input))}`;
    const asked = await call("GET", `/v1/rooms/${name}/${query}`);
    expect(asked.status).toBe(code === undefined ? 200 : 500);
    expect(await stateOf(name)).toEqual({ count: 1, ballast: "" });
    const { refusals, ruleFailures, seq } = await statsOf(name);
    expect([refusals["internal"] ?? 0, seq]).toEqual([code === undefined ? 0 : 2, 1]);
    expect(ruleFailures).toEqual(code === undefined ? {} : { queries: 2 });
    expect(await ada.ask("say", FINE)).toMatchObject({ savedId: 2 });
  });
});

describe("a rule on who may be here that does what no rule should lets nobody in, and sends nobody away (P14.3, P14.6)", () => {
  it.each([
    ["throws", "unavailable"],
    ["rubbish", "internal"],
    ["slow", undefined],
    ["grows", "internal"],
    ["changes", "unavailable"],
  ] as const)("%s", async (how, code) => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    doorman.how = how;
    const ada = await Peer.connect(name, "ada");
    expect(ada.of("error").map((error) => error.code)).toEqual(code === undefined ? [] : [code]);
    const auth = await tokenFor("cem");
    const asked = await call("GET", `/v1/rooms/${name}/poll`, { auth });
    expect(asked.status).toBe(code === undefined ? 200 : code === "internal" ? 500 : 503);
    // Whoever is inside is asked about too.
    const nudged = await call("POST", `/v1/rooms/${name}/reauthorize`);
    expect(nudged.status).toBe(202);
    await ben.settle();
    expect(await ben.ask("say", FINE)).toMatchObject({ savedId: 1 });
    expect(ben.closed).toBeUndefined();
    if (code === undefined) return;
    while ((await statsOf(name)).refusals[code] !== 1) await pause(20);
    expect((await statsOf(name)).ruleFailures).toEqual({ authorize: 1 });
  });
});

describe("a rule on who comes and goes that does what no rule should", () => {
  it.each(
    ["joined", "left"].flatMap((hook) =>
      ["throws", "grows", "changes", "floods"].map((how) => [hook, how] as const),
    ),
  )("%s that %s keeps nobody out, and stores nothing (P15.3)", async (hook, how) => {
    const name = room();
    const ben = await Peer.connect(name, "ben");
    const foul = await Peer.connect(name, `${hook}-${how}`);
    expect(await foul.ask("say", FINE)).toMatchObject({ savedId: 1 });
    foul.close();
    await ben.see("user_left");
    expect(await ben.ask("say", FINE)).toMatchObject({ savedId: 2 });
    const { refusals, ruleFailures, seq } = await statsOf(name);
    expect([refusals["internal"], seq]).toEqual([1, 2]);
    expect(ruleFailures).toEqual({ [hook]: 1 });
  });
});

describe("a timer whose rule does what no rule should", () => {
  // The clock stands still unless the test moves it; timers run as ever.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is run again when it is sent again, and not beside another of its name (P16.7)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.ask("say", FINE);
    const stub = env.ROOM.getByName(name);
    await bury(stub, "timer", "soon", { hook: "timers", how: "slow" });
    const [letter] = (await lettersOf(name)).deadLetters;
    vi.setSystemTime(Date.now() + 10);
    await ada.ask("say", { hook: "timers", how: "late" });
    const refused = await call("POST", `/v1/rooms/${name}/dead-letters/${letter?.id}/resend`);
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { error: { code: "conflict" } },
    ]);
    vi.setSystemTime(Date.now() + LATE_MS + 10);
    await runDurableObjectAlarm(stub);
    await ada.settle();
    const done = await call("POST", `/v1/rooms/${name}/dead-letters/resend`);
    expect(await done.json()).toEqual({ resent: 1 });
    expect(await lettersOf(name)).toMatchObject({ count: 0 });
  });
});

describe("an after rule that does what no rule should", () => {
  it.each(["throws", "rubbish", "changes"])(
    "%s: the event stands, and the room goes on",
    async (how) => {
      const name = room();
      const ada = await Peer.connect(name, "ada");
      const ran = afterRuns.length;
      expect(await ada.ask("say", { hook: "after", how })).toMatchObject({ savedId: 1 });
      await expect.poll(() => afterRuns.length).toBeGreaterThan(ran);
      expect(await ada.ask("say", FINE)).toMatchObject({ savedId: 2 });
      const failed = async () => (await statsOf(name)).ruleFailures["after"] ?? 0;
      if (how !== "rubbish") await expect.poll(failed).toBeGreaterThan(0);
    },
  );

  it("is told again under the same key when its dead letter is sent again (P16.7)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.ask("say", FINE);
    const stub = env.ROOM.getByName(name);
    const payload = { hook: "after", how: "slow" };
    const data = { room: name, seq: 1, userId: "ada", payload };
    const told = { type: "foul.say", timestamp: new Date().toISOString(), data };
    await bury(stub, "after", "e#1", JSON.stringify(told));
    const ran = afterRuns.length;
    expect((await lettersOf(name)).deadLetters).toMatchObject([
      { carrier: "after", name: "foul.say", key: "e#1", seq: 1 },
    ]);
    const done = await call("POST", `/v1/rooms/${name}/dead-letters/resend`);
    expect([done.status, await done.json()]).toEqual([200, { resent: 1 }]);
    // Those of the tests before are tried again meanwhile.
    await expect.poll(() => afterRuns.slice(ran)).toContain("slow");
    expect(await lettersOf(name)).toMatchObject({ count: 0 });
    const none = await call("POST", `/v1/rooms/${name}/dead-letters/9/resend`);
    expect(none.status).toBe(404);
  });

  it("is the backend's alone to see and to send again (P16.7)", async () => {
    const name = room();
    const ada = await Peer.connect(name, "ada");
    await ada.ask("say", FINE);
    const auth = await tokenFor("ada");
    for (const [method, path] of [
      ["GET", "dead-letters"],
      ["POST", "dead-letters/resend"],
      ["POST", "dead-letters/1/resend"],
    ] as const) {
      const response = await call(method, `/v1/rooms/${name}/${path}`, { auth });
      expect(response.status, path).toBe(403);
    }
  });
});
