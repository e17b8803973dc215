import { RealtimeError, type StatusChange } from "../../client/index.ts";
import type { Connection, Problem } from "./connection.ts";

/** The SDK's status as the page tells it, with the moment of the next try. */
export function connectionOf(
  { status, attempt, retryInMs, reason }: StatusChange,
  nowMs: number,
): Connection {
  switch (status) {
    case "connecting":
    case "open":
      return { state: status };
    case "reconnecting":
      return {
        state: status,
        attempt: attempt ?? 1,
        ...(retryInMs === undefined ? {} : { retryAtMs: nowMs + retryInMs }),
      };
    case "closed":
      return reason === undefined ? { state: status } : { state: status, problem: reason };
  }
}

/** What was thrown, as something to tell. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof RealtimeError)) return { code: "internal", message: String(error) };
  const { code, message, retryable, retryAfterMs } = error;
  return { code, message, retryable, retryAfterMs };
}
