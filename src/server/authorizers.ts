import type { AnyContract } from "../contract/contract.ts";
import type { Kind } from "../contract/kind.ts";
import { isRefusal } from "../contract/refusal.ts";
import type { AnyRule } from "../contract/rules.ts";
import type { ExtendedKind } from "../kinds/extension.ts";
import { nameOf } from "../kinds/running/definition.ts";
import { grantedBy } from "../kinds/running/granted.ts";
import { refusalOf } from "../kinds/running/rule-refusal.ts";
import { within } from "../objects/deadline.ts";
import type { Authorizer, Authorizers, Question, Verdict } from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";
import { AUTHORIZE_RUBBISH, AUTHORIZE_UNAVAILABLE } from "../protocol/refusals.ts";
import { roomKind } from "../protocol/room-kind.ts";

/**
 * The rules of a deployment that say who may be in a room.
 *
 * @param kinds its own ones, by the prefix of their rooms' names.
 * @param builtIn those that every deployment has and that a team may have a rule on: chats, documents, games.
 */
export function authorizersOf(
  kinds: ReadonlyMap<string, Kind>,
  builtIn: readonly ExtendedKind[],
): Authorizers {
  const own = new Map([...kinds].map(([prefix, kind]) => [prefix, authorizerOf(kind)]));
  const ofOurs = new Map<string, Authorizer | undefined>(
    builtIn.map((kind) => [kind.contract.name, authorizerOf(kind)]),
  );
  return {
    any: [...ofOurs.values(), ...own.values()].some((one) => one !== undefined),
    of(room) {
      const colon = room.indexOf(":");
      const prefix = colon > 0 ? room.slice(0, colon) : "";
      return own.has(prefix) ? own.get(prefix) : ofOurs.get(roomKind(room));
    },
  };
}

/**
 * A kind's rule as it is asked: in its time, and with an answer whatever it does.
 *
 * @param timeMs how long it may take, in milliseconds.
 */
export function authorizerOf(
  { contract, rules: { authorize } }: Kind,
  timeMs: number = AUTHORITY_BOUNDS.authorizeMs,
): Authorizer | undefined {
  if (authorize === undefined) return undefined;
  return {
    kind: { name: nameOf(contract), errors: contract.errors },
    async ask(question) {
      let answer: unknown;
      try {
        answer = await within(timeMs, answerOf(authorize, question));
      } catch (error) {
        return { kind: "failed", error: AUTHORIZE_UNAVAILABLE, reason: wordsOf(error) };
      }
      return verdictOn(contract, answer);
    },
  };
}

/** What the rule answers; to throw a refusal is the same as to return it. */
async function answerOf(
  authorize: AnyRule,
  { userId: id, name, room, grants, request, env }: Question,
): Promise<unknown> {
  try {
    const actor = Object.freeze({ id, name });
    return await authorize({ actor, room, grants: Object.freeze([...grants]), request, env });
  } catch (thrown) {
    if (isRefusal(thrown)) return thrown;
    throw thrown;
  }
}

function verdictOn(contract: AnyContract, answer: unknown): Verdict {
  try {
    return isRefusal(answer)
      ? { kind: "refused", error: refusalOf(contract, answer) }
      : grantedBy(contract, answer);
  } catch (error) {
    return { kind: "failed", error: AUTHORIZE_RUBBISH, reason: wordsOf(error) };
  }
}

/** A rule may throw what has no words: that too must be a verdict, or nobody would be asked about again. */
function wordsOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "It threw something that cannot be put into words.";
  }
}
