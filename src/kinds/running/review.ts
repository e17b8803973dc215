import { frozen } from "../../contract/frozen.ts";
import { isRefusal } from "../../contract/refusal.ts";
import type { AnyRule } from "../../contract/rules.ts";
import type { FrameParser, RoomFrame } from "../../room/frame.ts";
import { refused } from "../../room/hooks/decision.ts";
import type { KindReview } from "../../room/hooks/review.ts";
import type { Definition } from "./definition.ts";
import { parserOf } from "./parser.ts";
import { personOf } from "./person.ts";
import { refusalOf } from "./rule-refusal.ts";
import { refuseToSay } from "./sayable.ts";

/**
 * The rules of a kind by which frames are reviewed; `undefined` when it has none. Whoever may not say a
 * thing anyway is refused in the flush, and no look is made for it.
 */
export function reviewOf(
  definition: Definition,
  limits: { readonly contentChars: number },
): KindReview | undefined {
  const { rules, sayables, contract } = definition;
  const { onTimeout = "refuse", ...given } = rules.review ?? {};
  const byType = new Map(Object.entries(given).filter(isRule));
  if (byType.size === 0) return undefined;
  const parse = parserOf(definition, limits);
  return {
    onTimeout: onTimeout === "pass" ? "pass" : "refuse",
    takes({ type }, actor) {
      const sayable = byType.has(type) ? sayables.get(type) : undefined;
      return sayable !== undefined && refuseToSay(sayable, actor) === undefined;
    },
    async run(frame, actor, env, signal) {
      const asked = { data: frozen(frame.payload), actor: personOf(actor), env, signal };
      const answer = await answered(byType.get(frame.type), asked);
      if (isRefusal(answer)) return refused(refusalOf(contract, answer));
      const isKept = answer === undefined || answer === frame.payload;
      return { ok: true, payload: isKept ? frame.payload : parsedAgain(parse, frame, answer) };
    },
  };
}

function isRule(entry: [string, unknown]): entry is [string, AnyRule] {
  return typeof entry[1] === "function";
}

/** To throw a refusal is the same as to return it. */
async function answered(rule: AnyRule | undefined, asked: object): Promise<unknown> {
  try {
    return await rule?.(asked);
  } catch (thrown) {
    if (isRefusal(thrown)) return thrown;
    throw thrown;
  }
}

/** What a rule put in the place of what was sent is checked as if it had been sent. */
function parsedAgain(
  parse: FrameParser,
  { type, messageId }: RoomFrame,
  payload: unknown,
): unknown {
  const parsed = parse({ type, messageId, payload });
  if (parsed.ok) return parsed.frame.payload;
  throw new TypeError(`review.${type} answered what cannot be sent: ${parsed.error.message}`);
}
