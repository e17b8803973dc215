import { NO_DOCUMENT_COUNTS } from "../metrics/counts.ts";
import { withoutKind } from "../metrics/kind-key.ts";
import type { Numbers } from "../metrics/reporter.ts";
import type { DocumentStats } from "../protocol/http-answer.ts";
import { disconnectsByCode } from "../room/counting/stats.ts";

/** What there is of a document now. */
export interface DocumentNow {
  readonly connections: number;
  /** People among them. */
  readonly users: number;
  /** Size of its database, in bytes. */
  readonly storedBytes: number;
}

/** Puts a document's numbers in words. */
export function documentStats(now: DocumentNow, { totals, peak }: Numbers): DocumentStats {
  const { edits, refused, folds, setAside } = totals.documents ?? NO_DOCUMENT_COUNTS;
  return {
    ...now,
    peak,
    edits,
    frames: totals.framesIn,
    bytes: { in: totals.bytesIn, out: totals.bytesOut },
    folds,
    quarantined: setAside,
    connects: totals.connects,
    disconnects: disconnectsByCode(totals.disconnects),
    refusals: refused,
    ruleFailures: withoutKind(totals.ruleFailures),
  };
}
