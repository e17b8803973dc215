import { type Refusal, refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Submission } from "../flush/queue.ts";

/** How long who is refused for too much of it should wait, in milliseconds: most reviews are over by then. */
const RETRY_MS = 1_000;

/** What a person is told of whom as much waits as may, and a connection behind whose frame it does. */
export const LINE_FULL = refusal(
  "rate_limited",
  "Too much of yours waits for a review. Wait for the answers, then go on.",
  RETRY_MS,
);
/** What is told where as much waits, or is under way, as a room may have. */
export const REVIEWS_BUSY = refusal(
  "unavailable",
  "Too much in this room waits for a review. Try again later.",
  RETRY_MS,
);

interface Share {
  readonly frames: number;
  readonly bytes: number;
}

const NONE: Share = { frames: 0, bytes: 0 };

/** How much waits for reviews, bounded by person and in all. */
export class Held {
  readonly #persons = new Map<string, Share>();
  #room = NONE;

  /** Why one more frame may not wait; `undefined` when it may. */
  refuses({ actor, bytes }: Submission): Refusal | undefined {
    const { frames, bytes: held } = this.#room;
    if (frames >= BOUNDS.reviewFrames || held + bytes > BOUNDS.reviewBytes) return REVIEWS_BUSY;
    if (actor.backend === true) return undefined;
    const theirs = this.#persons.get(actor.userId) ?? NONE;
    const isFull =
      theirs.frames >= BOUNDS.reviewPersonFrames || theirs.bytes + bytes > BOUNDS.reviewPersonBytes;
    return isFull ? LINE_FULL : undefined;
  }

  /** A frame begins to wait. */
  take(submission: Submission): void {
    this.#count(submission, 1);
  }

  /** It waits no more. */
  release(submission: Submission): void {
    this.#count(submission, -1);
  }

  #count({ actor, bytes }: Submission, change: 1 | -1): void {
    this.#room = grown(this.#room, bytes, change);
    if (actor.backend === true) return;
    const theirs = grown(this.#persons.get(actor.userId) ?? NONE, bytes, change);
    if (theirs.frames === 0) this.#persons.delete(actor.userId);
    else this.#persons.set(actor.userId, theirs);
  }
}

function grown(share: Share, bytes: number, change: 1 | -1): Share {
  return { frames: share.frames + change, bytes: share.bytes + change * bytes };
}
