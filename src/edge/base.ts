import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { basePath } from "hono/route";
import type { AppEnv } from "./env.ts";

/**
 * Finds out below which path the app is mounted in an application of a team's own, for whatever comes
 * after it: to be the app's own first middleware. Empty where it is the whole Worker.
 */
export const based = createMiddleware<AppEnv>((c, next) => {
  c.set("base", basePath(c).replace(/\/+$/, ""));
  return next();
});

/** The path of a request as the app itself has it, whatever it is mounted below. */
export function ownPath(c: Context<AppEnv>): string {
  // Outside of its own paths it is the whole Worker.
  const base: string | undefined = c.var.base;
  return c.req.path.slice(base?.length ?? 0);
}
