import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lettersOf } from "../support/dead-letters.ts";
import { call } from "../support/http.ts";

// The clock stands still unless a test moves it.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

async function say(room: string, how: string): Promise<unknown> {
  const body = { hook: "timers", how };
  return (await call("POST", `/v1/rooms/${room}/events/say`, { body })).json();
}

describe("a timer whose rule does what no rule should", () => {
  it.each(["throws", "grows", "changes", "floods"])(
    "%s: nothing of it is stored, it is run again, and given up after a day, over sleeps (P16.6)",
    async (how) => {
      const room = `foul:${crypto.randomUUID()}`;
      const stub = env.ROOM.getByName(room);
      expect(await say(room, how)).toEqual({ savedId: 1 });
      let runs = 0;
      for (; runs < 60 && (runs % 10 > 0 || (await lettersOf(room)).count === 0); runs++) {
        // What is known of its failures is in storage.
        if (runs % 7 === 0) await evictDurableObject(stub);
        vi.setSystemTime(Date.now() + HOUR_MS + 1);
        await runDurableObjectAlarm(stub);
      }
      expect(await lettersOf(room)).toMatchObject({
        count: 1,
        deadLetters: [{ carrier: "timer", name: "soon", reason: "its rule has failed for a day" }],
      });
      expect(runs).toBeGreaterThan(23);
      const stats = await call("GET", `/v1/rooms/${room}/stats`);
      const { refusals, seq } = await stats.json<{
        refusals: Record<string, number>;
        seq: number;
      }>();
      expect(seq).toBe(1);
      expect(refusals["internal"]).toBeGreaterThanOrEqual(10);
      const metrics = await (await call("GET", "/v1/metrics")).text();
      expect(metrics).toContain("hibiki_dead_letters_total");
    },
  );
});
