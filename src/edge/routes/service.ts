import { type Context, Hono } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import type { Health } from "../../protocol/http-answer.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";
import { conditional } from "../conditional.ts";
import { settingsOf } from "../configured.ts";
import { crossOrigin } from "../cross-origin.ts";
import type { AppEnv } from "../env.ts";
import { VERSION } from "../version.ts";

/** What makes a description of ours, for a deployment's bound on a message's length. */
type Describe = (version: string, contentChars: number) => object;

/**
 * How the system is, and what it can do: without a token. Settings that cannot be read are told by the
 * first request, which after a deployment is one for its health; what waits to be set up is alive.
 */
export const service = new Hono<AppEnv>()
  .get("/healthz", (c) => {
    const settings = settingsOf(c.env);
    if (!settings.ok && settings.reason === "wrong") {
      throw new ProtocolError("not_configured", settings.problem);
    }
    const health: Health = { status: "ok", version: VERSION };
    return c.json(health);
  })
  .get("/openapi.json", crossOrigin, conditional, described(loadOpenApi))
  .get("/asyncapi.json", crossOrigin, conditional, described(loadAsyncApi));

/** Made, and its code loaded, when somebody first asks: a Worker that starts has better things to do. */
function described(load: () => Promise<Describe>): (c: Context<AppEnv>) => Promise<Response> {
  const texts = new Map<number, string>();
  return async (c) => {
    const settings = settingsOf(c.env);
    const { contentChars } = settings.ok ? settings.settings.limits : DEFAULT_LIMITS;
    const text = texts.get(contentChars) ?? JSON.stringify((await load())(VERSION, contentChars));
    texts.set(contentChars, text);
    return c.body(text, 200, { "Content-Type": "application/json", "Cache-Control": "no-cache" });
  };
}

async function loadOpenApi(): Promise<Describe> {
  return (await import("../openapi/document.ts")).openApiDocument;
}

async function loadAsyncApi(): Promise<Describe> {
  return (await import("../asyncapi/document.ts")).asyncApiDocument;
}
