import { refusal } from "../protocol/error.ts";
import { REQUEST_FAILED } from "../protocol/refusals.ts";
import type { Actor } from "../room/actor.ts";
import type { RoomFrame } from "../room/frame.ts";
import { refused } from "../room/hooks/decision.ts";
import type { KindReview, Reviewer, Verdict } from "../room/hooks/review.ts";
import { DeadlineError, type within } from "./deadline.ts";
import type { Turns } from "./host/turns.ts";

/** What reviews are run with. */
export interface ReviewerParts {
  /** Handed to the rules. */
  readonly env: unknown;
  readonly timeoutMs: number;
  /** Waits for an answer so many milliseconds at most, and then throws a {@link DeadlineError}. */
  readonly within: typeof within;
  readonly turns: Pick<Turns, "turn" | "background">;
  /** Hears what a rule threw, or that it took too long. */
  readonly failed: (error: unknown) => void;
}

const TOO_LATE = refused(
  refusal("unavailable", "The review of this takes too long; nothing changed. Send it again."),
);

/** Runs the rules of a kind outside of any turn, and has their verdicts told in turns of their own. */
export function reviewerOf(review: KindReview, parts: ReviewerParts): Reviewer {
  const { turns } = parts;
  return {
    takes: (frame, actor) => review.takes(frame, actor),
    ask(frame, actor, tell) {
      const told = verdictOn(frame, actor, review, parts).then((verdict) =>
        turns.turn((now) => tell(verdict, now)),
      );
      // The object stays awake for it: what waits is in its memory alone.
      turns.background(told);
    },
  };
}

async function verdictOn(
  frame: RoomFrame,
  actor: Actor,
  review: KindReview,
  { env, timeoutMs, within, failed }: ReviewerParts,
): Promise<Verdict> {
  const controller = new AbortController();
  try {
    return await within(timeoutMs, review.run(frame, actor, env, controller.signal));
  } catch (error) {
    controller.abort(error);
    failed(error);
    if (!(error instanceof DeadlineError)) return refused(REQUEST_FAILED);
    return review.onTimeout === "pass" ? { ok: true, payload: frame.payload } : TOO_LATE;
  }
}
