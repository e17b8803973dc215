import { ProtocolError } from "../protocol/error.ts";
import { allowsOrigin } from "../protocol/origin-pattern.ts";
import { ORIGIN_REFUSED } from "../protocol/origin-refusal.ts";
import type { Settings } from "../protocol/settings.ts";

/**
 * Refuses a WebSocket that a page of an unlisted origin opens: the browser's own rules do not
 * cover WebSockets (RFC 6455 §10.2). Who sends no `Origin` is no browser.
 *
 * @throws {ProtocolError} `access_denied`.
 */
export function requireOrigin(request: Request, { allowedOrigins }: Settings): void {
  const origin = request.headers.get("Origin");
  if (allowedOrigins === undefined || origin === null || allowsOrigin(allowedOrigins, origin)) {
    return;
  }
  throw new ProtocolError("access_denied", ORIGIN_REFUSED);
}
