import type { Close } from "./close.ts";
import { CLOSE_CODES } from "./close-code.ts";
import type { ErrorCode } from "./error.ts";

/**
 * Close codes of the y-websocket wire (P17.9). Its stock client never comes back after 4400 to 4499, and
 * does after any other code: so these are not those of rooms, whose 4408 and 4429 mean "come back".
 */
export const DOCUMENT_CLOSE_CODES = {
  /** Come back, and be sent what you lack. */
  comeBack: 1013,
  restart: CLOSE_CODES.restart.code,
  internal: CLOSE_CODES.internal.code,
  badFrames: CLOSE_CODES.badFrames.code,
  unauthorized: CLOSE_CODES.unauthorized.code,
  accessDenied: CLOSE_CODES.accessDenied.code,
  /** Not 1009: a stock client would come back and send the same, for ever. */
  tooLarge: 4413,
  upgradeRequired: CLOSE_CODES.upgradeRequired.code,
  notConfigured: CLOSE_CODES.notConfigured.code,
} as const;

const BY_ERROR: Readonly<Record<ErrorCode, keyof typeof DOCUMENT_CLOSE_CODES>> = {
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
  rate_limited: "comeBack",
  too_many_connections: "comeBack",
  internal: "internal",
  unavailable: "comeBack",
  not_configured: "notConfigured",
};

/** How whoever is refused with an error is closed; the reason is the error's code. */
export function documentCloseFor(error: ErrorCode): Close {
  // A team's own code is for good, as in rooms.
  const known: keyof typeof DOCUMENT_CLOSE_CODES | undefined = BY_ERROR[error];
  const code = DOCUMENT_CLOSE_CODES[known ?? "accessDenied"];
  return { code, reason: error, clean: code !== DOCUMENT_CLOSE_CODES.internal };
}

/** Whether a client that is closed so should come back by itself. */
export function isToComeBack({ code }: Pick<Close, "code">): boolean {
  return code < 4400 || code > 4499;
}
