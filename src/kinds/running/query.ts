import type { AnyContract } from "../../contract/contract.ts";
import { frozen } from "../../contract/frozen.ts";
import { parse } from "../../contract/parse.ts";
import { isRefusal } from "../../contract/refusal.ts";
import type { AnyRules } from "../../contract/rules.ts";
import { refusal } from "../../protocol/error.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import { type Answered, refused } from "../../room/hooks/decision.ts";
import type { Question } from "../../room/hooks/kind.ts";
import { asJson } from "./contract-type.ts";
import { answerOf, refusalOf } from "./rule-refusal.ts";
import { ruleOf } from "./sayable.ts";

/** The type of frame that asks one. */
export const QUERY = "query";

/** Where a query is answered: who asks, and the room as it stands. */
interface Here {
  readonly actor: unknown;
  readonly state: unknown;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Answers a query by its rule, which is handed what it cannot change and can ask for nothing.
 *
 * @throws {Error} what the rule throws, and for an output that its schema does not take, that is a
 *   promise, or that is too large.
 */
export function answered(
  contract: AnyContract,
  rules: AnyRules,
  { name, input }: Question,
  here: Here,
): Answered {
  const query = Object.hasOwn(contract.queries, name) ? contract.queries[name] : undefined;
  const rule = ruleOf(rules, "queries", name);
  if (query === undefined || rule === undefined) {
    const message = `Rooms "${contract.prefix}:…" answer no query "${name.slice(0, 64)}".`;
    return refused(refusal("not_found", message));
  }
  const asked = parse(query.input, input, "input");
  if (!asked.ok) return refused(refusal("invalid_request", asked.problem));
  const answer = answerOf(rule, frozen({ ...here, input: asJson(asked.value) }));
  if (isRefusal(answer)) return refused(refusalOf(contract, answer));
  const parsed = parse(query.output, answer, "output");
  if (!parsed.ok) throw new TypeError(`queries.${name}: ${parsed.problem}`);
  const output = JSON.stringify(asJson(parsed.value));
  if (
    output.length <= BOUNDS.queryOutputBytes / 3 ||
    utf8Bytes(output) <= BOUNDS.queryOutputBytes
  ) {
    return { ok: true, output };
  }
  throw new RangeError(`queries.${name} answers over ${BOUNDS.queryOutputBytes} bytes.`);
}
