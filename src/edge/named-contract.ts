import type { AnyContract } from "../contract/contract.ts";
import { ProtocolError } from "../protocol/error.ts";

/**
 * Holds a client to a contract that is not too old (P12.10). During a gradual deployment each release
 * of the Worker asks by its own.
 *
 * @param contract of the room, when its kind is one of a team's own.
 * @param named `<version>.<hash>`, as the client says it.
 * @returns the hash by which the client folds; `undefined` when it does not.
 * @throws {ProtocolError} `upgrade_required`.
 */
export function requireContract(
  contract: AnyContract | undefined,
  named: string | undefined,
): string | undefined {
  if (contract === undefined || named === undefined) return undefined;
  const [version = "", hash] = named.split(".");
  if (Number(version) >= contract.oldest) return hash;
  const message = `Your contract "${contract.prefix}" is of version ${version}, and ${contract.oldest} is the oldest that this server takes: load the new one.`;
  throw new ProtocolError("upgrade_required", message);
}
