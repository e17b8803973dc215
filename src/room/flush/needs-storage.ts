import type { Decision } from "../hooks/decision.ts";
import { isStored } from "../hooks/effect.ts";
import type { Submission } from "./queue.ts";

/** Whether what was decided is nothing without storage: over HTTP an answer promises it, also of a receipt. */
export function needsStorage(
  { answer }: Submission,
  decision: Extract<Decision, { ok: true }>,
): boolean {
  return decision.effects.some(
    (effect) => isStored(effect) || (effect.do === "receipt" && answer !== undefined),
  );
}
