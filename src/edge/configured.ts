import { createMiddleware } from "hono/factory";
import { ProtocolError } from "../protocol/error.ts";
import { logLine } from "../protocol/log-line.ts";
import { readSettings, type SettingsResult } from "../protocol/settings.ts";
import type { AppEnv, Env } from "./env.ts";

const results = new WeakMap<Env, SettingsResult>();

/** The deployment's settings. Read once a Worker: the environment does not change under it. */
export function settingsOf(env: Env): SettingsResult {
  let result = results.get(env);
  if (result === undefined) {
    result = readSettings(env);
    results.set(env, result);
  }
  return result;
}

/** Gives the settings to the handlers that follow, or answers `not_configured` for them. */
export const configured = createMiddleware<AppEnv>(async (c, next) => {
  const result = settingsOf(c.env);
  if (!result.ok) {
    sayProblem(result.problem, Date.now());
    throw new ProtocolError("not_configured", result.problem);
  }
  c.set("settings", result.settings);
  return next();
});

const SAY_EVERY_MS = 60_000;
let said = { message: "", at: Number.NEGATIVE_INFINITY };

/** Every request meets it, so the log is told now and then. */
function sayProblem(message: string, now: number): void {
  if (message === said.message && Math.abs(now - said.at) < SAY_EVERY_MS) return;
  said = { message, at: now };
  console.error(logLine({ event: "error", where: "settings", message }, now));
}
