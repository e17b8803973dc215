import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./env.ts";
import { isUpgrade } from "./transports/websocket.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  // Covers a WebSocket to the same host as well (CSP 3 §6.7.2.8).
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** As `hono/secure-headers` sets them, whose settings are a KiB of what is deployed. */
const HEADERS = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  // Only this host: what else there is under the domain is not ours to decide.
  "Strict-Transport-Security": "max-age=15552000",
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "X-Download-Options": "noopen",
  "X-Frame-Options": "SAMEORIGIN",
  "X-Permitted-Cross-Domain-Policies": "none",
  "X-XSS-Protection": "0",
} as const;

/** Has browsers guard whatever is answered; the headers of an answer to an upgrade are not ours to set. */
export const secured = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (isUpgrade(c.req.raw)) return;
  for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
});
