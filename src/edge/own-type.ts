import type { AnyContract } from "../contract/contract.ts";
import { type ContractType, contractType } from "../kinds/running/contract-type.ts";
import { ProtocolError } from "../protocol/error.ts";

type Part = ContractType["part"];

const ONE: Readonly<Record<Part, string>> = { events: "an event", signals: "a signal" };

/**
 * Holds a request to what a room's kind has under a part of its contract, whoever may say it.
 *
 * @param contract of the room, when its kind is one of a team's own.
 * @throws {ProtocolError} `not_found` for what is not there.
 */
export function requireType(contract: AnyContract | undefined, part: Part, type: string): void {
  if (contract === undefined) {
    throw new ProtocolError("not_found", `Rooms of this kind have no ${part} of their own.`);
  }
  const found = contractType(contract, type)?.part;
  if (found === part) return;
  const message =
    found === undefined
      ? `Rooms "${contract.prefix}:…" have no such ${part === "events" ? "event" : "signal"}.`
      : `"${type}" is ${ONE[found]}: say it with POST /v1/rooms/:room/${found}/${type}.`;
  throw new ProtocolError("not_found", message);
}
