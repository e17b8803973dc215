import { CLOSE_CODES } from "./close-code.ts";
import type { ErrorCode } from "./error.ts";

const BY_ERROR: Readonly<Record<ErrorCode, keyof typeof CLOSE_CODES>> = {
  invalid_frame: "badFrames",
  invalid_request: "badFrames",
  unknown_type: "badFrames",
  conflict: "badFrames",
  unauthorized: "unauthorized",
  token_expired: "unauthorized",
  access_denied: "accessDenied",
  banned: "accessDenied",
  not_found: "accessDenied",
  method_not_allowed: "badFrames",
  too_large: "tooLarge",
  upgrade_required: "upgradeRequired",
  rate_limited: "tooMany",
  too_many_connections: "tooMany",
  internal: "internal",
  unavailable: "internal",
  not_configured: "notConfigured",
};

/** The code that closes a WebSocket refused with this error. */
export function closeCodeFor(error: ErrorCode): number {
  // A team's own rules refuse with codes of their own, and for good.
  const known: keyof typeof CLOSE_CODES | undefined = BY_ERROR[error];
  return CLOSE_CODES[known ?? "accessDenied"].code;
}
