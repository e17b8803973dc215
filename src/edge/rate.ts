import { createMiddleware } from "hono/factory";
import { ProtocolError } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { logLine } from "../protocol/log-line.ts";
import type { Settings } from "../protocol/settings.ts";
import { addressOf } from "./address.ts";
import { isBackend } from "./bearer.ts";
import type { AppEnv, Env } from "./env.ts";
import { RequestCounter } from "./request-counter.ts";

/** How long to wait where a binding refuses: it counts a minute, and does not say which. */
const WAIT_MS = 10_000;

const TOO_MANY_GUESTS = "Too many guests from one address.";

const addresses = new RequestCounter();
const users = new RequestCounter();
const guests = new RequestCounter();

/**
 * Holds all of `/v1` per address, before a token is looked at: whoever has none costs the least.
 * The API key is not counted, a backend speaks for many.
 *
 * @throws {ProtocolError} `rate_limited`.
 */
export const rated = createMiddleware<AppEnv>(async (c, next) => {
  const { settings } = c.var;
  const limit = settings.requestsPerMinute.address;
  if (limit > 0) sayMissing(c.env);
  if (limit > 0 && !(await isBackend(c.req.raw, settings))) {
    const address = addressOf(c.req.raw, settings.trustedIpHeader);
    await hold(address, "address", addresses, limit, c.env.ADDRESS_RATE);
  }
  return next();
});

/**
 * Holds one user, from however many addresses it comes.
 *
 * @throws {ProtocolError} `rate_limited`.
 */
export function holdUser(userId: string, env: Env, settings: Settings): Promise<void> {
  return hold(userId, "user", users, settings.requestsPerMinute.user, env.USER_RATE);
}

/**
 * Holds how many guests one address makes.
 *
 * @throws {ProtocolError} `rate_limited`.
 */
export async function holdGuests(request: Request, env: Env, settings: Settings): Promise<void> {
  const key = addressOf(request, settings.trustedIpHeader);
  const permitted = await permits(env.GUEST_RATE, key);
  if (permitted === true) return;
  if (permitted === false) {
    throw new ProtocolError("rate_limited", TOO_MANY_GUESTS, WAIT_MS);
  }
  if (settings.requestsPerMinute.address === 0) return;
  const waitMs = guests.count(key, BOUNDS.guestsPerMinute, Date.now());
  if (waitMs === 0) return;
  throw new ProtocolError("rate_limited", TOO_MANY_GUESTS, waitMs);
}

/** The isolate's own count comes first, for it costs nothing; the binding sees all isolates. */
async function hold(
  key: string,
  whose: "address" | "user",
  counter: RequestCounter,
  limit: number,
  binding: RateLimit | undefined,
): Promise<void> {
  if (limit === 0) return;
  const message = `Too many requests from one ${whose}. Slow down.`;
  const waitMs = counter.count(key, limit, Date.now());
  if (waitMs > 0) throw new ProtocolError("rate_limited", message, waitMs);
  if ((await permits(binding, key)) !== false) return;
  throw new ProtocolError("rate_limited", message, WAIT_MS);
}

/**
 * What a limiter says; `undefined` when there is none, or it is out of order, which must not lock
 * everybody out: the isolate's own count still holds.
 */
async function permits(binding: RateLimit | undefined, key: string): Promise<boolean | undefined> {
  try {
    return (await binding?.limit({ key }))?.success;
  } catch {
    return undefined;
  }
}

let isSaid = false;

function sayMissing(env: Env): void {
  if (isSaid) return;
  isSaid = true;
  const missing = (["ADDRESS_RATE", "USER_RATE", "GUEST_RATE"] as const).filter(
    (name) => env[name] === undefined,
  );
  if (missing.length === 0) return;
  const message = `${missing.join(", ")}: not bound. Requests are counted in each isolate by itself.`;
  console.warn(logLine({ event: "warning", where: "edge", message }, Date.now()));
}
