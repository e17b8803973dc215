import type { Json } from "./schema.ts";

/** Codes that every kind may refuse with, beside its own. */
export const COMMON_CODES = ["access_denied", "not_found", "conflict"] as const;
/** One of {@link COMMON_CODES}. */
export type CommonCode = (typeof COMMON_CODES)[number];

/** Codes of Hibiki's own that a sender may hear from any room. */
export type HibikiCode =
  | CommonCode
  | "invalid_frame"
  | "invalid_request"
  | "rate_limited"
  | "too_large"
  | "unavailable"
  | "internal"
  | "upgrade_required";

/** Why a rule refuses something. To throw it is the same as to return it. */
export interface Refusal<out X extends string = string> extends Error {
  readonly name: "Refusal";
  readonly code: X;
  /** Of the answer over HTTP. */
  readonly status: number;
  /** Whether sending the same again later may succeed. */
  readonly retryable: boolean;
  /** Goes along to whoever is refused. */
  readonly data: Json;
}

/** What a refusal may say beside its code and its words. */
export interface RefusalOptions {
  /** HTTP status, 400 to 599; 422 when absent. */
  readonly status?: number;
  /** False when absent. */
  readonly retryable?: boolean;
  readonly data?: Json;
}

const STATUS_DEFAULT = 422;

class RuleRefusal<X extends string> extends Error implements Refusal<X> {
  override readonly name = "Refusal";
  readonly code: X;
  readonly status: number;
  readonly retryable: boolean;
  readonly data: Json;

  constructor(code: X, message: string, options: RefusalOptions) {
    super(message);
    this.code = code;
    this.status = options.status ?? STATUS_DEFAULT;
    this.retryable = options.retryable ?? false;
    this.data = options.data;
  }
}

/**
 * Refuses something. Whether the code is one of the contract's is checked by types when it is
 * returned, and when it is heard of otherwise: an unknown one becomes `internal`.
 *
 * @param message for a developer: what was wrong, and what to do.
 * @throws {TypeError} for a status that refuses nothing.
 */
export function refuse<const X extends string>(
  code: X,
  message = "The rules of this room refuse it.",
  options: RefusalOptions = {},
): Refusal<X> {
  const { status } = options;
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599)) {
    throw new TypeError(`refuse("${code}"): status ${status} is not one of 400 to 599.`);
  }
  return new RuleRefusal(code, message, options);
}

/** Whether a value that a rule returned or threw is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return value instanceof RuleRefusal;
}
