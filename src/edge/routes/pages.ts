import { Hono } from "hono";
import type { AppEnv } from "../env.ts";

/** The pages: one document for every room, and whatever it loads. Absent on bare workerd. */
export const pages = new Hono<AppEnv>()
  .get("/rooms/:room", async (c, next) => (await asset(c.env.ASSETS, "/", c.req.url)) ?? next())
  .get("*", async (c, next) => (await asset(c.env.ASSETS, c.req.path, c.req.url)) ?? next());

async function asset(
  assets: Fetcher | undefined,
  path: string,
  base: string,
): Promise<Response | undefined> {
  const response = await assets?.fetch(new URL(path, base));
  // A fresh copy, for headers cannot be added to what the binding answers.
  return response === undefined || response.status === 404
    ? undefined
    : new Response(response.body, response);
}
