import { waitUntil } from "cloudflare:workers";
import { createMiddleware } from "hono/factory";
import { addCounts, type Counts, NO_COUNTS } from "../metrics/counts.ts";
import { Journal } from "../metrics/journal.ts";
import { SHARD_NAMES } from "../metrics/shard.ts";
import { readSettings, type Settings } from "../protocol/settings.ts";
import { addressOf } from "./address.ts";
import type { AppEnv, Env } from "./env.ts";
import { takeErrorCode } from "./failure.ts";
import { RequestCounter } from "./request-counter.ts";

/** How long the platform lets work go on after the answer. */
const AFTERLIFE_MS = 30_000;

/** How often, in milliseconds, the log tells that one address is held: a flood must not fill it. */
const HELD_SAID_MS = 1_000;

const held = new RequestCounter(HELD_SAID_MS);

/** Says in the log what was refused, by whomever: the path, without its query, may be told. */
export const sayRefusals = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const code = takeErrorCode(c.res);
  if (code === undefined) return;
  if (code === "rate_limited") {
    const settings: Settings | undefined = c.var.settings;
    const address = addressOf(c.req.raw, settings?.trustedIpHeader);
    if (held.count(address, 1, Date.now()) > 0) return;
  }
  new Journal(c.env.ANALYTICS).say({ event: "refused", code, path: c.req.path }, Date.now());
});

/** What this isolate counted before any room was asked, and no shard has heard of yet. */
let unreported: Counts = NO_COUNTS;
let reportingSince = Number.NEGATIVE_INFINITY;

/**
 * Counts what the edge refused by itself.
 *
 * @param key as `refusalKey` has it.
 */
export function countRefusal(key: string, env: Env, settings: Settings | undefined): void {
  count({ ...NO_COUNTS, refusals: { [key]: 1 } }, env, settings);
}

/** Counts connections to many rooms, and what clients came back to. */
export function countGateway(
  counts: Partial<Pick<Counts, "gateways" | "recoveries">>,
  env: Env,
  settings: Settings,
): void {
  count({ ...NO_COUNTS, ...counts }, env, settings);
}

/**
 * Counts that a rule has failed that is asked at the edge.
 *
 * @param key as `hookKey` has it.
 */
export function countRuleFailure(key: string, env: Env): void {
  const read = readSettings(env);
  const settings = read.ok ? read.settings : undefined;
  count({ ...NO_COUNTS, ruleFailures: { [key]: 1 } }, env, settings);
}

/**
 * A Worker has no alarm, but it may outlive its answer for a while and pays for no time that it waits:
 * so the first that is to be counted waits for the others, and reports them all.
 */
function count(counts: Counts, env: Env, settings: Settings | undefined): void {
  const everyMs = settings?.metricsReportMs ?? 0;
  if (env.METRICS === undefined || everyMs === 0) return;
  unreported = addCounts(unreported, counts);
  const now = Date.now();
  // One that has not come back by then was ended by the platform. Either way: clocks are set back.
  if (Math.abs(now - reportingSince) < everyMs + AFTERLIFE_MS) return;
  reportingSince = now;
  waitUntil(report(env.METRICS, everyMs));
}

async function report(metrics: NonNullable<Env["METRICS"]>, afterMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const counts = unreported;
  unreported = NO_COUNTS;
  reportingSince = Number.NEGATIVE_INFINITY;
  // Any shard will do: what has no room has no share of the gauges.
  const name = SHARD_NAMES[Math.floor(Math.random() * SHARD_NAMES.length)] ?? "shard-0";
  try {
    await metrics.getByName(name).report({ counts });
  } catch {
    // They go with the next report.
    unreported = addCounts(unreported, counts);
  }
}
