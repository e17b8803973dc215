import { fnv1a } from "../protocol/fnv1a.ts";
import { hasOwn } from "../protocol/has-own.ts";
import { isServerOnly, type Schemas } from "./schema.ts";

/** What of a contract its hash is of. */
interface Hashed {
  readonly prefix: string;
  readonly version: number;
  readonly events: Schemas;
  readonly signals: object;
  readonly queries: object;
  readonly timers: object;
  readonly errors: readonly string[];
  readonly apply: object;
  readonly initial: unknown;
}

/**
 * Eight hexadecimal digits by which a client and a server find out that they do not have the same
 * contract: then the server folds for both. What functions and schemas say is not in it, for a bundler
 * writes the same function in two ways: whoever changes one raises the version.
 */
export function contractHash({ events, ...contract }: Hashed): string {
  const text = JSON.stringify([
    contract.prefix,
    contract.version,
    Object.entries(events)
      .map(([type, schema]) => [type, isServerOnly(schema), hasOwn(contract.apply, type)])
      .sort(),
    Object.keys(contract.signals).sort(),
    Object.keys(contract.queries).sort(),
    Object.keys(contract.timers).sort(),
    [...contract.errors].sort(),
    contract.initial ?? null,
  ]);
  return (fnv1a(text) >>> 0).toString(16).padStart(8, "0");
}
