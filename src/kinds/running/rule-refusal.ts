import type { AnyContract } from "../../contract/contract.ts";
import {
  COMMON_CODES,
  isRefusal,
  type Refusal as RuleRefusal,
  refuse,
} from "../../contract/refusal.ts";
import { isReserved } from "../../contract/reserved-contract.ts";
import { ERROR_CODES, type ErrorCode, type Refusal, statusOf } from "../../protocol/error.ts";
import type { Json } from "../../protocol/json.ts";
import { asJson } from "./contract-type.ts";

/**
 * What a rule's refusal says to whoever is refused.
 *
 * @throws {TypeError} for a code that the contract does not have: nobody could be ready for it.
 */
export function refusalOf(contract: AnyContract, refusal: RuleRefusal): Refusal {
  const { code, message, status, retryable, data } = refusal;
  const isCommon = (COMMON_CODES as readonly string[]).includes(code);
  // Whoever listens to one of Hibiki's own kinds has no contract that could name codes.
  if (!isCommon && !isReserved(contract) && !contract.errors.includes(code)) {
    throw new TypeError(`A rule refused with "${code}", which the contract does not have.`);
  }
  return {
    // A kind's own codes travel where Hibiki's do; their status goes along.
    code: code as ErrorCode,
    message,
    retryable,
    ...(isCommon ? { status: ERROR_CODES[code as ErrorCode].status } : { status }),
    ...(data === undefined ? {} : { data: asJson(data) }),
  };
}

/** A refusal in the shape that rules, and whoever calls rooms, know: to be thrown. */
export function thrownOf(error: Refusal): RuleRefusal {
  const { code, message, retryable } = error;
  // It has come over RPC, or is to be answered over HTTP: so it is JSON.
  const data = error.data as Json | undefined;
  return refuse(code, message, { status: statusOf(error), retryable, data });
}

/**
 * Runs a rule, in which to throw a refusal is the same as to return it.
 *
 * @throws {TypeError} for a rule that answers with a promise: a flush is one turn.
 */
export function answerOf(rule: (asked: unknown) => unknown, asked: unknown): unknown {
  const answer = outcomeOf(rule, asked);
  if (!(answer instanceof Promise)) return answer;
  // Nobody waits for it, and it must end nothing else.
  answer.catch(() => {});
  throw new TypeError(
    "This rule is asynchronous. Look things up in `review`, do things in `after`.",
  );
}

function outcomeOf(rule: (asked: unknown) => unknown, asked: unknown): unknown {
  try {
    return rule(asked);
  } catch (thrown) {
    if (isRefusal(thrown)) return thrown;
    throw thrown;
  }
}
