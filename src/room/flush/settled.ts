import type { ErrorCode } from "../../protocol/error.ts";
import type { Hook } from "../../protocol/hook.ts";
import type { Audit } from "../../protocol/log-line.ts";
import type { Outgoing } from "../hooks/effect.ts";
import type { WaitingQuery } from "./questions.ts";
import type { Closing } from "./queue.ts";

/** What a flush leaves to be done once its transaction stands. */
export interface Settled {
  readonly outgoing: readonly Outgoing[];
  readonly closings: readonly Closing[];
  readonly answers: readonly (() => void)[];
  /** Why frames were refused, one each. */
  readonly refused: readonly ErrorCode[];
  /** Rules of the kind that have failed, one each. */
  readonly blamed: readonly Hook[];
  /** Events appended to the log. */
  readonly appended: number;
  /** Deliveries that wait in the outbox because of this flush. */
  readonly deliveries: number;
  /** What was given up because of this flush, and what of earlier such had to go for it. */
  readonly buried: { readonly letters: number; readonly dropped: number };
  /** Deeds to be found in the log afterwards. */
  readonly audits: readonly Audit[];
  /**
   * What made the transaction fail, of which nothing was stored or is told; or what made the decision
   * of a frame fail, which alone was refused. Only the first: a flush of thousands may have one cause.
   */
  readonly failure?: unknown;
}

/** The same before its queries are answered, which is done once all of it is settled. */
export interface Unanswered extends Settled {
  readonly queries: readonly WaitingQuery[];
}

/** What a flush did, for the owner of the room. */
export interface Flushed extends Pick<Settled, "deliveries" | "audits"> {
  /** What went wrong on our side, each of its own cause. */
  readonly failures: readonly unknown[];
}

/** What a flush did that had nothing to settle. */
export const NOTHING_FLUSHED: Flushed = { deliveries: 0, audits: [], failures: [] };
