import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { doorman } from "../../fixtures/kinds/foul.ts";
import { type Family, parseExposition } from "../../support/exposition-parser.ts";
import { pause } from "../../support/pause.ts";
import { call } from "../support/http.ts";
import { report } from "../support/metrics.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  doorman.how = undefined;
  vi.useRealTimers();
});

const room = (kind: string) => `${kind}${crypto.randomUUID()}`;

async function scrape(): Promise<ReadonlyMap<string, Family>> {
  return parseExposition(await (await call("GET", "/v1/metrics")).text());
}

/** A series, which is there once something was counted in it. */
function countOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  const wanted = Object.entries(labels);
  const found = families
    .get(name)
    ?.samples.find(({ labels: its }) => wanted.every(([key, value]) => its.get(key) === value));
  return found?.value ?? 0;
}

const REFUSALS = "hibiki_refusals_total";
const FAILURES = "hibiki_rule_failures_total";

it("tells by kind which codes of its own a team's rules refuse with, and which hooks fail", async () => {
  const [lunch, quiet] = [room("poll:"), room("")];
  const ada = await Peer.connect(lunch, "ada");
  await ada.ask("vote", { option: "nothing" });
  await ada.ask("vote", { option: "crash" });
  const chatter = await Peer.connect(quiet, "ada");
  expect((await chatter.say("rude")).error?.code).toBe("rude");
  await report(lunch, quiet);
  const families = await scrape();
  expect(countOf(families, REFUSALS, { code: "no_such_option", kind: "poll" })).toBe(1);
  expect(countOf(families, FAILURES, { hook: "before", kind: "poll" })).toBe(1);
  // A chat has no contract that could list words: each would be a series for good.
  expect(countOf(families, REFUSALS, { code: "other", kind: "chat" })).toBe(1);
  expect(families.get(REFUSALS)?.samples.some(({ labels }) => labels.get("code") === "rude")).toBe(
    false,
  );
  const stats = await (await call("GET", `/v1/rooms/${lunch}/stats`)).json();
  expect(stats).toMatchObject({
    refusals: { no_such_option: 1, internal: 1 },
    ruleFailures: { before: 1 },
  });
});

it("tells what the rule on who may be in a room does at the edge, before any room is asked", async () => {
  const auth = await tokenFor("ada");
  doorman.how = "throws";
  expect((await call("GET", `/v1/rooms/${room("foul:")}/users`, { auth })).status).toBe(503);
  const backstage = room("backstage-");
  expect((await call("GET", `/v1/rooms/${backstage}/users`, { auth })).status).toBe(422);
  // The edge has no alarm: its report waits for company, in real time.
  for (let tries = 0; tries < 150; tries++) {
    const families = await scrape();
    if (
      countOf(families, FAILURES, { hook: "authorize", kind: "foul" }) === 1 &&
      countOf(families, REFUSALS, { code: "other", kind: "chat" }) >= 1
    ) {
      return;
    }
    await pause(100);
  }
  expect.unreachable("It was never told.");
});
