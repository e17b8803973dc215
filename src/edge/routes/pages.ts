import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { ProtocolError } from "../../protocol/error.ts";
import { NOTHING_HERE } from "../../protocol/refusals.ts";
import type { AppEnv, Env } from "../env.ts";

/** Pages that are about the API itself, and whatever any page loads. */
const LASTING = /^\/(?:docs$|assets\/)/;

/**
 * The pages: one document for every room, and whatever it loads. Absent on bare workerd. Where
 * `PAGES` is off there is only the API's own description.
 */
export const pages = new Hono<AppEnv>()
  .use(async (c, next) => {
    if (hasPages(c.env) || LASTING.test(c.req.path)) return next();
    throw ProtocolError.of(NOTHING_HERE);
  })
  .get("/rooms/:room", async (c, next) => (await asset(c.env.ASSETS, "/", c.req.url)) ?? next())
  .get("*", async (c, next) => (await asset(c.env.ASSETS, c.req.path, c.req.url)) ?? next());

/**
 * What a person is shown where there is nothing: the page itself says so. `undefined` for whoever
 * does not ask for a page.
 */
export async function nothingHere(c: Context<AppEnv>): Promise<Response | undefined> {
  if (c.req.method !== "GET" || !hasPages(c.env)) return undefined;
  const type = accepts(c, {
    header: "Accept",
    supports: ["application/json", "text/html"],
    default: "application/json",
  });
  const page = type === "text/html" ? await asset(c.env.ASSETS, "/", c.req.url) : undefined;
  if (page === undefined) return undefined;
  const headers = new Headers(page.headers);
  headers.append("Vary", "Accept");
  return new Response(page.body, { status: 404, headers });
}

/** Read by itself, for a page needs no other setting; what is not clearly on is off. */
function hasPages({ PAGES = "" }: Env): boolean {
  return PAGES === "" || PAGES === "on";
}

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
