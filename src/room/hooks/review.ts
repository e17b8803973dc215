import type { Actor } from "../actor.ts";
import type { RoomFrame } from "../frame.ts";
import type { Refused } from "./decision.ts";

/** What a review says of a frame: that it may be queued, with this payload, or why it may not. */
export type Verdict = { readonly ok: true; readonly payload: unknown } | Refused;

/** Whoever looks at frames before they are queued, and may look elsewhere for it. */
export interface Reviewer {
  /** Whether this frame is looked at; not when its actor may not say it anyway. */
  takes(frame: RoomFrame, actor: Actor): boolean;
  /**
   * Looks at it, and tells the verdict once: not before this has returned, and within bounded time.
   *
   * @param tell takes when that is, milliseconds since the epoch.
   */
  ask(frame: RoomFrame, actor: Actor, tell: (verdict: Verdict, now: number) => void): void;
}

/** The rules of a kind that frames of it are reviewed by. */
export interface KindReview extends Pick<Reviewer, "takes"> {
  /** What becomes of a frame whose review takes too long. */
  readonly onTimeout: "refuse" | "pass";
  /**
   * Runs the rule of a frame.
   *
   * @param env of the Worker, handed to the rule, as the next.
   * @param signal aborted when nobody waits for the verdict any more.
   * @throws what the rule throws, and for an answer that could not have been sent.
   */
  run(frame: RoomFrame, actor: Actor, env: unknown, signal: AbortSignal): Promise<Verdict>;
}
