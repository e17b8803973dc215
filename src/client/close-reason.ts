import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import type { RealtimeErrorCode } from "./error.ts";
import type { StatusReason } from "./room-event.ts";

const BY_CLOSE: ReadonlyMap<number, RealtimeErrorCode> = new Map([
  [CLOSE_CODES.tooLarge.code, "too_large"],
  [CLOSE_CODES.internal.code, "internal"],
  [CLOSE_CODES.badFrames.code, "invalid_frame"],
  [CLOSE_CODES.unauthorized.code, "unauthorized"],
  [CLOSE_CODES.accessDenied.code, "access_denied"],
  [CLOSE_CODES.heartbeatLost.code, "timeout"],
  [CLOSE_CODES.tooMany.code, "rate_limited"],
  [CLOSE_CODES.notConfigured.code, "not_configured"],
]);

/**
 * Why a connection ended: what the server said last, if that was an error, else what its close code
 * stands for.
 */
export function closeReason(code: number, lastWord: Refusal | undefined): StatusReason {
  if (lastWord !== undefined) return { code: lastWord.code, message: lastWord.message };
  return {
    code: BY_CLOSE.get(code) ?? "disconnected",
    message:
      code === CLOSE_CODES.done.code
        ? "The server ended the connection."
        : `The connection was lost (close code ${code}).`,
  };
}
