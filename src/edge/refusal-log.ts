import { waitUntil } from "cloudflare:workers";
import { createMiddleware } from "hono/factory";
import { NO_COUNTS, type Tally } from "../metrics/counts.ts";
import { Journal } from "../metrics/journal.ts";
import { SHARD_NAMES } from "../metrics/shard.ts";
import { ERROR_CODES, type ErrorCode } from "../protocol/error.ts";
import type { Settings } from "../protocol/settings.ts";
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

/** What this isolate refused before any room was asked, and no shard has heard of yet. */
let unreported: Tally = {};
let reportingSince = Number.NEGATIVE_INFINITY;

/**
 * Counts what the edge refused by itself. A Worker has no alarm, but it may outlive its answer for
 * a while and pays for no time that it waits: so the first refusal waits for the others, and
 * reports them all.
 */
export function countRefusal(code: ErrorCode, env: Env, settings: Settings | undefined): void {
  const everyMs = settings?.metricsReportMs ?? 0;
  if (env.METRICS === undefined || everyMs === 0) return;
  // A team's own codes are words without an end, and no names of series.
  const counted = Object.hasOwn(ERROR_CODES, code) ? code : "access_denied";
  unreported = { ...unreported, [counted]: (unreported[counted] ?? 0) + 1 };
  const now = Date.now();
  // One that has not come back by then was ended by the platform. Either way: clocks are set back.
  if (Math.abs(now - reportingSince) < everyMs + AFTERLIFE_MS) return;
  reportingSince = now;
  waitUntil(report(env.METRICS, everyMs));
}

async function report(metrics: NonNullable<Env["METRICS"]>, afterMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const refusals = { ...unreported };
  unreported = {};
  reportingSince = Number.NEGATIVE_INFINITY;
  // Any shard will do: what has no room has no share of the gauges.
  const name = SHARD_NAMES[Math.floor(Math.random() * SHARD_NAMES.length)] ?? "shard-0";
  try {
    await metrics.getByName(name).report({ counts: { ...NO_COUNTS, refusals } });
  } catch {
    // They go with the next refusal's report.
    for (const [code, count] of Object.entries(refusals)) {
      unreported = { ...unreported, [code]: (unreported[code] ?? 0) + count };
    }
  }
}
