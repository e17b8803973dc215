import { ERROR_CODES, type ErrorCode, type Refusal, statusOf } from "../protocol/error.ts";

/** Carries a refusal's code as far as our own log; no client gets to see it. */
const ERROR_HEADER = "x-hibiki-error";

/** A refusal as an HTTP answer: the contract's shape and status, and `Retry-After` in seconds. */
export function failure(error: Refusal): Response {
  const headers = markRefused(new Headers({ "Cache-Control": "no-store" }), error.code);
  if (error.retryAfterMs !== undefined) {
    headers.set("Retry-After", String(Math.ceil(error.retryAfterMs / 1000)));
  } else if (statusOf(error) === 429) {
    headers.set("Retry-After", "1");
  }
  if (statusOf(error) === 401) headers.set("WWW-Authenticate", "Bearer");
  return Response.json({ error }, { status: statusOf(error), headers });
}

/** Marks an answer as a refusal, for {@link takeErrorCode}; a team's own codes may fit no header. */
export function markRefused(headers: Headers, code: ErrorCode): Headers {
  if (Object.hasOwn(ERROR_CODES, code)) headers.set(ERROR_HEADER, code);
  return headers;
}

/** Takes the mark off an answer; `undefined` when it is no refusal. */
export function takeErrorCode({ headers }: Response): ErrorCode | undefined {
  const code = headers.get(ERROR_HEADER);
  if (code === null) return undefined;
  headers.delete(ERROR_HEADER);
  return Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : undefined;
}
