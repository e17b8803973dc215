import type { AnyContract } from "../../contract/contract.ts";
import type { Kind } from "../../contract/kind.ts";
import { isReserved } from "../../contract/reserved-contract.ts";
import type { AnyRules } from "../../contract/rules.ts";
import { type AnyExtension, extensionOf } from "../extension.ts";
import { type Sayable, sayablesOf } from "./sayable.ts";

/** A kind as it runs. */
export interface Definition {
  /** As exports, metrics and refusals call it. */
  readonly name: string;
  readonly contract: AnyContract;
  readonly rules: AnyRules;
  readonly sayables: ReadonlyMap<string, Sayable>;
  /** Of Hibiki's own kinds alone. */
  readonly extension: AnyExtension | undefined;
}

/** What a kind is called by its contract. */
export function nameOf(contract: AnyContract): string {
  return isReserved(contract) ? contract.name : contract.prefix;
}

/** All that is known of a kind before there is a room of it. */
export function definitionOf(kind: Kind): Definition {
  const { contract, rules } = kind;
  return {
    name: nameOf(contract),
    contract,
    rules,
    sayables: sayablesOf(kind),
    extension: extensionOf(kind),
  };
}
