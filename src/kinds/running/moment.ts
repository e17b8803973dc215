import type { AnyRule, AnyRules } from "../../contract/rules.ts";
import { ROOM_EMPTY } from "../../protocol/room-empty.ts";
import type { Moments } from "../../room/hooks/kind.ts";
import type { Subscription } from "../../room/hooks/subscription.ts";

/** What no client can say: a colon is in no type. */
const MOMENT = "moment:";
const JOINED = `${MOMENT}joined`;
const LEFT = `${MOMENT}left`;
const EMPTY = `${MOMENT}empty`;

/** The moments that the rules of a kind are asked about, or that are told outside of its rooms. */
export function momentsOf(
  { joined, left, empty }: AnyRules,
  subscriptions: readonly Subscription[],
): Moments {
  const isAsked = empty !== undefined || subscriptions.some((one) => one.hears(ROOM_EMPTY));
  return {
    ...(joined === undefined ? {} : { joined: { type: JOINED } }),
    ...(left === undefined ? {} : { left: { type: LEFT } }),
    ...(isAsked ? { empty: { type: EMPTY } } : {}),
  };
}

/** A moment that has come, and its rule. All but that nobody is left are somebody's. */
export interface Moment {
  readonly hook: "joined" | "left" | "empty";
  /** None where only those outside of the room listen. */
  readonly rule: AnyRule | undefined;
}

/** The moment that a frame of this type stands for; `undefined` when it stands for none. */
export function momentOfType({ joined, left, empty }: AnyRules, type: string): Moment | undefined {
  if (type === EMPTY) return { hook: "empty", rule: empty };
  if (type === JOINED && joined !== undefined) return { hook: "joined", rule: joined };
  return type === LEFT && left !== undefined ? { hook: "left", rule: left } : undefined;
}
