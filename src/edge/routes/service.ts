import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { ProtocolError } from "../../protocol/error.ts";
import type { Health } from "../../protocol/http-answer.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";
import { conditional } from "../conditional.ts";
import { settingsOf } from "../configured.ts";
import { crossOrigin } from "../cross-origin.ts";
import type { Deployment, LoadDescribe } from "../deployment.ts";
import type { AppEnv } from "../env.ts";
import { VERSION } from "../version.ts";

/** Every path of {@link service}. */
export const SERVICE_PATHS = ["/healthz", "/openapi.json", "/asyncapi.json"] as const;

/**
 * How the system is, and what it can do: without a token. Settings that cannot be read are told by the
 * first request, which after a deployment is one for its health; what waits to be set up is alive.
 */
export function service(deployment: Deployment): Hono<AppEnv> {
  const [healthz, openapi, asyncapi] = SERVICE_PATHS;
  return new Hono<AppEnv>()
    .get(healthz, (c) => {
      const settings = settingsOf(c.env);
      if (!settings.ok && settings.reason === "wrong") {
        throw new ProtocolError("not_configured", settings.problem);
      }
      const health: Health = { status: "ok", version: VERSION };
      return c.json(health);
    })
    .get(openapi, crossOrigin, conditional, described(deployment, loadOpenApi))
    .get(asyncapi, crossOrigin, conditional, described(deployment, deployment.asyncApi));
}

/** Made, and what makes it loaded, when somebody first asks. */
function described(
  { contracts, gate }: Deployment,
  load: LoadDescribe,
): (c: Context<AppEnv>) => Promise<Response> {
  // The newest alone: a base may have a parameter in it, and so be anything.
  let made = { contentChars: Number.NaN, base: "", text: "" };
  return async (c) => {
    const settings = settingsOf(c.env);
    const { contentChars } = settings.ok ? settings.settings.limits : DEFAULT_LIMITS;
    const { base } = c.var;
    if (made.contentChars !== contentChars || made.base !== base) {
      const describe = await load(c.env);
      const mounted = { base, contracts, authorizes: gate.hasRules };
      const text = JSON.stringify(describe(VERSION, contentChars, mounted));
      made = { contentChars, base, text };
    }
    return c.body(made.text, 200, {
      "Content-Type": "application/json",
      "Cache-Control": "no-cache",
    });
  };
}

const loadOpenApi: LoadDescribe = async () =>
  (await import("../openapi/document.ts")).openApiDocument;
