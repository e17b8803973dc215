import { ERROR_CODES, type Refusal } from "../protocol/error.ts";

/** A refusal as an HTTP answer: the contract's shape and status, and `Retry-After` in seconds. */
export function failure(error: Refusal): Response {
  const headers = new Headers({ "Cache-Control": "no-store" });
  if (error.retryAfterMs !== undefined) {
    headers.set("Retry-After", String(Math.ceil(error.retryAfterMs / 1000)));
  } else if (ERROR_CODES[error.code].status === 429) {
    headers.set("Retry-After", "1");
  }
  if (ERROR_CODES[error.code].status === 401) headers.set("WWW-Authenticate", "Bearer");
  return Response.json({ error }, { status: ERROR_CODES[error.code].status, headers });
}
