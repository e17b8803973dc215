/**
 * Every error code a client can meet, with the HTTP status that carries it and whether the same
 * request may succeed later (P7.3).
 */
export const ERROR_CODES = {
  invalid_frame: { status: 400, retryable: false },
  invalid_request: { status: 400, retryable: false },
  unknown_type: { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  token_expired: { status: 401, retryable: false },
  access_denied: { status: 403, retryable: false },
  banned: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  conflict: { status: 409, retryable: false },
  too_large: { status: 413, retryable: false },
  upgrade_required: { status: 426, retryable: false },
  rate_limited: { status: 429, retryable: true },
  too_many_connections: { status: 429, retryable: true },
  internal: { status: 500, retryable: true },
  unavailable: { status: 503, retryable: true },
  not_configured: { status: 503, retryable: true },
} as const;

/** One of the codes in {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** A refusal as it travels: in an `ack`, in an `error` frame and in an HTTP body. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What was wrong and what to do, for a developer. Never a secret, never a stack. */
  readonly message: string;
  /** Whether sending the same again later may succeed. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status, when it is not that of the code: a team's own kinds have codes of their own. */
  readonly status?: number;
  /** What such a kind says beside it, as JSON. */
  readonly data?: unknown;
}

/** HTTP status of a refusal. */
export function statusOf({ code, status }: Refusal): number {
  return status ?? ERROR_CODES[code].status;
}

/** Builds a refusal; `retryable` follows from the code. */
export function refusal(code: ErrorCode, message: string, retryAfterMs?: number): Refusal {
  const { retryable } = ERROR_CODES[code];
  return retryAfterMs === undefined
    ? { code, message, retryable }
    : { code, message, retryable, retryAfterMs };
}

/** A refusal thrown at the door, where there is no caller to hand a value to. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly refusal: Refusal;
  /** Under what it is counted: its code, or, of a team's own, where those are told apart by their kind. */
  readonly countedAs: string;

  constructor(
    code: ErrorCode,
    message: string,
    retryAfterMs?: number,
    whole: Refusal = refusal(code, message, retryAfterMs),
    countedAs: string = code,
  ) {
    super(message);
    this.refusal = whole;
    this.countedAs = countedAs;
  }

  /** A refusal that there is already, to be thrown as it is: a team's own has more than its code. */
  static of(error: Refusal, countedAs?: string): ProtocolError {
    return new ProtocolError(error.code, error.message, error.retryAfterMs, error, countedAs);
  }

  get code(): ErrorCode {
    return this.refusal.code;
  }
}
