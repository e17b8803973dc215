import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { ProtocolError } from "../../protocol/error.ts";
import { NOTHING_HERE } from "../../protocol/refusals.ts";
import type { AppEnv, Env } from "../env.ts";
import { pageAsset } from "../page-asset.ts";

/** Pages that are one for every room, document or arena, by their paths. */
const SHARED = {
  "/rooms/:room": "/",
  "/editor/:document": "/editor",
  "/game/:arena": "/game",
} as const;

/** Pages that are about the API itself, guides among them, and whatever any page loads. */
const LASTING = /^\/(?:docs(?:$|\/)|assets\/)/;

/**
 * The pages, and that there is nothing else: one HTML document for every room, one for every document
 * that people write, one for every arena, and whatever they load. Where `PAGES` is off there is only the API's own description.
 *
 * @param binding of the static assets that they are; without it, as on bare workerd, there are none.
 * @param refusalOf what to answer where there is nothing.
 */
export function pages(
  binding: string | undefined,
  refusalOf: (c: Context<AppEnv>) => ProtocolError,
): Hono<AppEnv> {
  const shown = new Hono<AppEnv>();
  if (binding !== undefined) {
    shown.use(async (c, next) => {
      if (hasPages(c.env) || LASTING.test(c.req.path)) return next();
      throw ProtocolError.of(NOTHING_HERE);
    });
    for (const [path, page] of Object.entries(SHARED)) {
      shown.get(path, async (c, next) => (await asset(c, binding, page)) ?? next());
    }
    shown.get("*", async (c, next) => {
      return (await asset(c, binding, c.req.path)) ?? (await nothingHere(c, binding)) ?? next();
    });
  }
  return shown.all("*", (c) => {
    throw refusalOf(c);
  });
}

/**
 * What a person is shown where there is nothing: the page itself says so. `undefined` for whoever
 * does not ask for a page.
 */
async function nothingHere(c: Context<AppEnv>, binding: string): Promise<Response | undefined> {
  // Nothing but a browser's address bar asks for HTML by name.
  const wantsPage = c.req.header("Accept")?.includes("text/html") === true;
  const page = wantsPage && hasPages(c.env) ? await asset(c, binding, "/") : undefined;
  if (page === undefined) return undefined;
  const headers = new Headers(page.headers);
  headers.append("Vary", "Accept");
  return new Response(page.body, { status: 404, headers });
}

/** Read by itself, for a page needs no other setting; what is not clearly on is off. */
function hasPages({ PAGES = "" }: Env): boolean {
  return PAGES === "" || PAGES === "on";
}

function asset(c: Context<AppEnv>, binding: string, path: string): Promise<Response | undefined> {
  return pageAsset(c.env, binding, new URL(path, c.req.url));
}
