import type { ClientPayloads, ServerPayloads } from "../protocol/frames.ts";
import { type KindName, prefixOf } from "../protocol/room-kind.ts";
import { type AnyContract, type Contract, wholeOf } from "./contract.ts";
import type { Schema, Schemas } from "./schema.ts";

/**
 * The contract of one of Hibiki's own kinds. Its names are those that a team's may not have, and one
 * more part says what clients ask of it: commands.
 */
export interface ReservedContract<
  E extends Schemas = Schemas,
  G extends Schemas = Schemas,
  K extends Schemas = Schemas,
> extends Contract<string, E, G, undefined, undefined, undefined, Empty, Empty, string> {
  /** As exports, metrics and refusals call its kind. */
  readonly name: KindName;
  /** What clients send that is neither an event nor a signal: its kind decides what comes of it. */
  readonly commands: K;
}

type Empty = Record<never, never>;

/** Schemas of types that are Hibiki's own, and of no other. */
type Of<Types, Payloads> = {
  readonly [Type in keyof Types]: Type extends keyof Payloads ? Schema : never;
};

/**
 * Says what both ends of one of Hibiki's own kinds know. What its names begin with stands in the one
 * table of that (`protocol/room-kind.ts`): nothing, for the kind of all names that no other claims.
 */
export function reservedContract<
  E extends Schemas & Of<E, ServerPayloads>,
  G extends Schemas & Of<G, ServerPayloads>,
  K extends Schemas & Of<K, ClientPayloads>,
>(
  name: KindName,
  shape: {
    readonly events: E;
    readonly signals: G;
    readonly commands: K;
    readonly receipts?: boolean;
  },
): ReservedContract<E, G, K> {
  const { commands } = shape;
  const whole = wholeOf(prefixOf(name), shape, undefined);
  // The parts that are absent here have the types of nothing.
  const reserved = { ...whole, name, commands: Object.freeze({ ...commands }) } as object;
  return Object.freeze(reserved) as ReservedContract<E, G, K>;
}

/** Whether a contract is one of Hibiki's own. */
export function isReserved(contract: AnyContract): contract is ReservedContract {
  return "commands" in contract;
}
