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
  const problem = result.ok ? missingBinding(c.env) : result.problem;
  if (!result.ok || problem !== undefined) throw notConfigured(problem);
  c.set("settings", result.settings);
  return next();
});

/** What a project's wrangler.toml lacks, by the line that mends it; `undefined` when nothing is missing. */
export function missingBinding(env: Partial<Pick<Env, "ROOM">>): string | undefined {
  return env.ROOM === undefined ? NO_ROOM : undefined;
}

const NO_ROOM =
  'No Durable Object is bound as ROOM. In wrangler.toml: [[durable_objects.bindings]] name = "ROOM", class_name = "RoomObject". `npx hibiki doctor` names whatever else is missing.';

function notConfigured(problem = ""): ProtocolError {
  sayProblem(problem, Date.now());
  return new ProtocolError("not_configured", problem);
}

const SAY_EVERY_MS = 60_000;
let said = { message: "", at: Number.NEGATIVE_INFINITY };

/** Every request meets it, so the log is told now and then. */
function sayProblem(message: string, now: number): void {
  if (message === said.message && Math.abs(now - said.at) < SAY_EVERY_MS) return;
  said = { message, at: now };
  console.error(logLine({ event: "error", where: "settings", message }, now));
}
