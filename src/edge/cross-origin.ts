import type { Context } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { allowsOrigin } from "../protocol/origin-pattern.ts";
import { settingsOf } from "./configured.ts";
import type { AppEnv, Env } from "./env.ts";
import { isUpgrade } from "./transports/websocket.ts";

/** What a page may send if it does not ask for anything in particular. */
const USUAL_HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-None-Match",
  "Last-Event-ID",
];

/** Headers that one request may want to send: far more than any does, and a bound on the answer. */
const ASKED_HEADERS = 64;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/**
 * Which pages may call, and what of an answer they may read (P11.3). A browser does not ask
 * before it opens a WebSocket, and its answer's headers cannot be changed.
 */
export const crossOrigin = createMiddleware<AppEnv>((c, next) =>
  isUpgrade(c.req.raw)
    ? next()
    : cors({
        origin: originsAllowedBy(c.env),
        allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allowHeaders: askedHeaders(c),
        exposeHeaders: ["Retry-After", "ETag", "WWW-Authenticate"],
        maxAge: 86_400,
      })(c, next),
);

/**
 * Settings that cannot be read list no origins. Every answer is then `not_configured` and holds
 * nothing of anybody, so any page may read it: its author is who must learn of it.
 */
function originsAllowedBy(env: Env): "*" | ((origin: string) => string | undefined) {
  const result = settingsOf(env);
  const allowed = result.ok ? result.settings.allowedOrigins : undefined;
  if (allowed === undefined) return "*";
  return (origin) => (allowsOrigin(allowed, origin) ? origin : undefined);
}

/**
 * Whatever a page asks to send it may send: who it speaks for stands in a token that its script
 * holds, not in a cookie, so no header makes it more than it is. Tracing libraries add their own.
 */
function askedHeaders(c: Context): string[] {
  const asked = (c.req.header("Access-Control-Request-Headers") ?? "")
    .split(",")
    .slice(0, ASKED_HEADERS)
    .map((name) => name.trim())
    .filter((name) => HEADER_NAME.test(name));
  return asked.length === 0 ? USUAL_HEADERS : asked;
}
