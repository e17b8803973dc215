import { type ErrorCode, refusal } from "../../protocol/error.ts";
import type { Hook } from "../../protocol/hook.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { REQUEST_FAILED } from "../../protocol/refusals.ts";
import { type Answered, refused } from "../hooks/decision.ts";
import type { Outgoing } from "../hooks/effect.ts";
import { hooksIn } from "../hooks/rule-failure.ts";
import { type Answering, queryFrame } from "./outcome.ts";
import type { Submission } from "./queue.ts";

/** A query that waits for its flush to be settled. */
export interface WaitingQuery {
  readonly submission: Submission;
  readonly place: number;
  readonly answer: Answering;
}

/** What the queries of a flush came to. */
export interface Answers {
  readonly outgoing: readonly Outgoing[];
  readonly refused: readonly ErrorCode[];
  /** Rules that have failed, one each. */
  readonly blamed: readonly Hook[];
  /** What made the first of those fail that did. */
  readonly failure?: unknown;
}

const TOO_MUCH = refusal(
  "rate_limited",
  "This room was asked too much at once. Ask again in a moment.",
  1_000,
);

/**
 * Answers the queries of one flush together, by how the room stands once the rest is settled. One that
 * fails harms whoever asked it alone.
 */
export function answersTo(queries: readonly WaitingQuery[], now: number): Answers {
  const outgoing: Outgoing[] = [];
  const codes: ErrorCode[] = [];
  const failures: unknown[] = [];
  let chars = 0;
  for (const { submission, place, answer } of queries) {
    const { messageId, actor, at } = submission;
    // Whoever named none would not know what the answer is to.
    if (messageId === undefined) continue;
    const answered =
      chars < BOUNDS.queryFlushBytes ? guarded(() => answer(now), failures) : refused(TOO_MUCH);
    if (answered.ok) chars += answered.output.length;
    else codes.push(answered.error.code);
    const { connectionId } = actor;
    const frame = queryFrame(messageId, answered, at);
    outgoing.push({ audience: { to: "connection", connectionId }, frame, place });
  }
  return {
    outgoing,
    refused: codes,
    blamed: hooksIn(failures),
    ...(failures.length === 0 ? {} : { failure: failures[0] }),
  };
}

function guarded(answer: () => Answered, failures: unknown[]): Answered {
  try {
    return answer();
  } catch (failure) {
    failures.push(failure);
    return refused(REQUEST_FAILED);
  }
}
