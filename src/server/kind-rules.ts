import type { Stored } from "../contract/contract.ts";
import type {} from "../contract/environment.ts";
import { lostPart, UNDEFINED } from "../contract/lost-part.ts";
import type { Refusal } from "../contract/refusal.ts";
import type { ReservedContract } from "../contract/reserved-contract.ts";
import type { Permission, Span } from "../contract/rules.ts";

/**
 * Who may be in a room of one of Hibiki's own kinds, before it is asked, and what they may do there. It
 * alone decides: the token's `grants` are handed to it.
 */
export type AuthorizeRule = (asked: {
  readonly actor: { readonly id: string; readonly name: string };
  readonly room: string;
  readonly grants: readonly Permission[];
  readonly request: Request;
  readonly env: Cloudflare.Env;
}) => Promise<{ readonly can: readonly Permission[]; readonly for?: Span } | Refusal>;

/** By what was stored, after the commit: at least once, with the same `key`, for a day. */
export type StoredRules<C extends ReservedContract> = {
  readonly [K in keyof C["events"]]?: (
    event: Stored<C["events"][K]> & {
      readonly key: string;
      readonly room: string;
      readonly env: Cloudflare.Env;
    },
  ) => Promise<void>;
};

/** Rules on one of Hibiki's own kinds, as a team gives them. */
interface KindRules {
  readonly before?: object;
  readonly after?: object;
}

/**
 * Holds rules on one of Hibiki's own kinds to what is heeded. What `before`, `review` and `authorize`
 * are is looked at where they are made part of the kind.
 *
 * @param heeded the names of the rules that there are.
 * @throws {TypeError} that names what is not.
 */
export function checkedRules<R extends KindRules>(
  { name, events }: { readonly name: string; readonly events: object },
  rules: R,
  heeded: readonly (keyof R & string)[],
): R {
  if (typeof rules !== "object" || rules === null) throw fault(`${name} is an object of rules.`);
  const lost = lostPart(rules, heeded);
  if (lost !== undefined) throw fault(`${name} ${lost}.`);
  for (const [rule, given] of Object.entries(rules)) {
    if (given === undefined) throw fault(`${name}.${rule} ${UNDEFINED}.`);
  }
  const unknown = Object.keys(rules).find((key) => !heeded.some((known) => known === key));
  if (unknown !== undefined) throw fault(`there is no ${name}.${unknown}, or not yet.`);
  const { before = {}, after = {} } = rules;
  const lostAfter = lostPart(after, Object.keys(events));
  if (lostAfter !== undefined) throw fault(`${name}.after ${lostAfter}.`);
  for (const [event, rule] of Object.entries(after)) {
    if (!Object.hasOwn(events, event)) {
      throw fault(`${name}.after.${event}: a ${name} stores ${Object.keys(events).join(", ")}.`);
    }
    if (typeof rule !== "function") throw fault(`${name}.after.${event} is a function.`);
  }
  return { ...rules, before, after };
}

function fault(problem: string): TypeError {
  return new TypeError(`hibiki(): ${problem}`);
}
