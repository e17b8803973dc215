import { type ErrorCode, type Refusal, refusal } from "../protocol/error.ts";

/** What the SDK itself finds out, beside the codes that the server sends. */
const CLIENT_CODES = {
  /** The server did not answer in time. */
  timeout: { retryable: true },
  /** The room is closed: left, refused for good, or out of tries. */
  disconnected: { retryable: false },
  /** Too many frames wait for their acknowledgement already. */
  outbox_full: { retryable: true },
  /** The room's log began anew, so the `seq` that a waiting frame names is void. */
  reset: { retryable: false },
  /** The HTTP request got no answer, or one that is not Hibiki's. */
  unreachable: { retryable: true },
} as const;

/** A code that only the SDK uses. */
export type ClientErrorCode = keyof typeof CLIENT_CODES;

/** Every code a {@link RealtimeError} may carry. */
export type RealtimeErrorCode = ErrorCode | ClientErrorCode;

/** Why something that was asked of the SDK did not happen. */
export class RealtimeError extends Error {
  override readonly name = "RealtimeError";
  readonly code: RealtimeErrorCode;
  /** Whether doing the same again later may succeed. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds, when the server said so. */
  readonly retryAfterMs?: number;

  private constructor(
    code: RealtimeErrorCode,
    message: string,
    retryable: boolean,
    retryAfterMs?: number,
  ) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }

  /** The server's own refusal. */
  static refused({ code, message, retryable, retryAfterMs }: Refusal): RealtimeError {
    return new RealtimeError(code, message, retryable, retryAfterMs);
  }

  /** Refused by the SDK before it went out, as the server would have. */
  static invalid(code: ErrorCode, message: string): RealtimeError {
    return RealtimeError.refused(refusal(code, message));
  }

  /** Something the SDK found out by itself. */
  static local(code: ClientErrorCode, message: string): RealtimeError {
    return new RealtimeError(code, message, CLIENT_CODES[code].retryable);
  }
}
