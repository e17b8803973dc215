import type { AnyRule, AnyRules } from "../../contract/rules.ts";
import { ROOM_EMPTY } from "../../protocol/room-empty.ts";
import type { Moments } from "../../room/hooks/kind.ts";
import type { Subscription } from "../../room/hooks/subscription.ts";

/** What no client can say: a colon is in no type. */
const MOMENT = "moment:";
const EMPTY = `${MOMENT}empty`;

/** The moments that the rules of a kind are asked about, or that are told outside of its rooms. */
export function momentsOf(
  { joined, left, empty }: AnyRules,
  subscriptions: readonly Subscription[],
): Moments {
  const isAsked = empty !== undefined || subscriptions.some((one) => one.hears(ROOM_EMPTY));
  return {
    ...(joined === undefined ? {} : { joined: { type: `${MOMENT}joined` } }),
    ...(left === undefined ? {} : { left: { type: `${MOMENT}left` } }),
    ...(isAsked ? { empty: { type: EMPTY } } : {}),
  };
}

/** A moment that has come: its rule, and whether that is told whose moment it is. */
export interface Moment {
  /** None where only those outside of the room listen. */
  readonly rule: AnyRule | undefined;
  readonly isSomebodys: boolean;
}

/** The moment that a frame of this type stands for; `undefined` when it stands for none. */
export function momentOfType({ joined, left, empty }: AnyRules, type: string): Moment | undefined {
  if (type === EMPTY) return { rule: empty, isSomebodys: false };
  const rule = ({ [`${MOMENT}joined`]: joined, [`${MOMENT}left`]: left } as const)[type];
  return rule === undefined ? undefined : { rule, isSomebodys: true };
}
