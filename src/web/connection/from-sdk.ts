import { RealtimeError, type StatusChange } from "../../client/index.ts";
import { type Connection, DISPLACED, type Problem } from "./connection.ts";

/**
 * What is no refusal to tell of while the SDK tries again: a bad line, or a token that is renewed
 * meanwhile (whoever renews it says so if that fails).
 */
const PASSING: ReadonlySet<string> = new Set([
  "timeout",
  "disconnected",
  "unreachable",
  "internal",
  "unauthorized",
  "token_expired",
]);

/**
 * The SDK's status as the page tells it, with the moment of the next try. A refusal stays with it
 * from try to try: the SDK names it only once.
 */
export function connectionOf(
  { status, attempt, retryInMs, reason }: StatusChange,
  before: Connection,
  nowMs: number,
): Connection {
  switch (status) {
    case "connecting":
    case "open":
      return { state: status };
    case "reconnecting": {
      const refusal = reason === undefined ? refusalIn(before) : told(reason, before);
      return {
        state: status,
        attempt: attempt ?? 1,
        ...(retryInMs === undefined ? {} : { retryAtMs: nowMs + retryInMs }),
        ...(refusal === undefined ? {} : { refusal }),
      };
    }
    case "closed":
      return reason === undefined ? { state: status } : { state: status, problem: reason };
  }
}

/**
 * Why one is not let in, while that is so and the page still asks: what the room said, else what
 * came of asking for another token.
 */
export function refusalOf(
  connection: Connection,
  tokenProblem: Problem | undefined,
): Problem | undefined {
  if (connection.state !== "reconnecting") return undefined;
  return connection.refusal ?? (tokenProblem === undefined ? undefined : told(tokenProblem));
}

function refusalIn(connection: Connection): Problem | undefined {
  return connection.state === "reconnecting" ? connection.refusal : undefined;
}

function told(problem: Problem, before?: Connection): Problem | undefined {
  if (before?.state === "open" && problem.code === "too_many_connections") {
    return { ...problem, code: DISPLACED };
  }
  return PASSING.has(problem.code) ? undefined : problem;
}

/** What was thrown, as something to tell. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof RealtimeError)) return { code: "internal", message: String(error) };
  const { code, message, retryable, retryAfterMs, outcome, sentAt } = error;
  return { code, message, retryable, retryAfterMs, outcome, sentAt };
}
