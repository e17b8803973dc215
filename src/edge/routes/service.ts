import { Hono } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import type { Health } from "../../protocol/http-answer.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";
import { conditional } from "../conditional.ts";
import { settingsOf } from "../configured.ts";
import { crossOrigin } from "../cross-origin.ts";
import type { AppEnv } from "../env.ts";
import { VERSION } from "../version.ts";

const documents = new Map<number, string>();

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
  .get("/openapi.json", crossOrigin, conditional, async (c) => {
    const settings = settingsOf(c.env);
    const { contentChars } = settings.ok ? settings.settings.limits : DEFAULT_LIMITS;
    return c.body(await documentText(contentChars), 200, {
      "Content-Type": "application/json",
      "Cache-Control": "no-cache",
    });
  });

/** Made, and its code loaded, when somebody first asks: a Worker that starts has better things to do. */
async function documentText(contentChars: number): Promise<string> {
  let text = documents.get(contentChars);
  if (text === undefined) {
    const { openApiDocument } = await import("../openapi/document.ts");
    text = JSON.stringify(openApiDocument(VERSION, contentChars));
    documents.set(contentChars, text);
  }
  return text;
}
