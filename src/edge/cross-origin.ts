import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { settingsOf } from "./configured.ts";
import type { AppEnv, Env } from "./env.ts";
import { isUpgrade } from "./transports/websocket.ts";

/**
 * Which pages may call, and what of an answer they may read (CONTRACT §11). A browser does not ask
 * before it opens a WebSocket, and its answer's headers cannot be changed.
 */
export const crossOrigin = createMiddleware<AppEnv>((c, next) =>
  isUpgrade(c.req.raw)
    ? next()
    : cors({
        origin: originsOf(c.env),
        allowMethods: ["GET", "POST", "PATCH", "DELETE"],
        allowHeaders: [
          "Authorization",
          "Content-Type",
          "Idempotency-Key",
          "If-None-Match",
          "Last-Event-ID",
        ],
        exposeHeaders: ["Retry-After", "ETag", "WWW-Authenticate"],
        maxAge: 86_400,
      })(c, next),
);

/**
 * Settings that cannot be read list no origins. Every answer is then `not_configured` and holds
 * nothing of anybody, so any page may read it: its author is who must learn of it.
 */
function originsOf(env: Env): string | string[] {
  const result = settingsOf(env);
  return result.ok ? (result.settings.allowedOrigins?.slice() ?? "*") : "*";
}
