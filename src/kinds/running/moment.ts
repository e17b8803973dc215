import type { AnyRule, AnyRules } from "../../contract/rules.ts";
import type { Moments } from "../../room/hooks/kind.ts";

/** What no client can say: a colon is in no type. */
const MOMENT = "moment:";

/** The moments that the rules of a kind are asked about. */
export function momentsOf({ joined, left, empty }: AnyRules): Moments {
  return {
    ...(joined === undefined ? {} : { joined: { type: `${MOMENT}joined` } }),
    ...(left === undefined ? {} : { left: { type: `${MOMENT}left` } }),
    ...(empty === undefined ? {} : { empty: { type: `${MOMENT}empty` } }),
  };
}

/** A moment that has come: its rule, and whether that is told whose moment it is. */
export interface Moment {
  readonly rule: AnyRule;
  readonly isSomebodys: boolean;
}

/** The moment that a frame of this type stands for; `undefined` when it stands for none. */
export function momentOfType({ joined, left, empty }: AnyRules, type: string): Moment | undefined {
  const rule = (
    { [`${MOMENT}joined`]: joined, [`${MOMENT}left`]: left, [`${MOMENT}empty`]: empty } as const
  )[type];
  return rule === undefined ? undefined : { rule, isSomebodys: type !== `${MOMENT}empty` };
}
