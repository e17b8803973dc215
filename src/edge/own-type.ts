import type { AnyContract } from "../contract/contract.ts";
import { type ContractType, contractType } from "../kinds/running/contract-type.ts";
import { ProtocolError } from "../protocol/error.ts";
import { roomKind } from "../protocol/room-kind.ts";

type Part = ContractType["part"];

const ONE: Readonly<Record<Part, string>> = { events: "an event", signals: "a signal" };

/**
 * Holds a request to what a room's kind has under a part of its contract, whoever may say it.
 *
 * @param room its name.
 * @param contract of the room, when its kind is one of a team's own.
 * @throws {ProtocolError} `not_found` for what is not there.
 */
export function requireType(
  room: string,
  contract: AnyContract | undefined,
  part: Part,
  type: string,
): void {
  if (contract === undefined) {
    // The usual reasons: a slip in the name, or a kind that the deployment was not given.
    throw new ProtocolError(
      "not_found",
      `"${room}" is a room of kind "${roomKind(room)}", which has no ${part} of its own. Rooms of an own kind are named by the prefix of its contract, and hibiki({ kinds }) is given the kind.`,
    );
  }
  const found = contractType(contract, type)?.part;
  if (found === part) return;
  const message =
    found === undefined
      ? `Rooms "${contract.prefix}:…" have no such ${part === "events" ? "event" : "signal"}.`
      : `"${type}" is ${ONE[found]}: say it with POST /v1/rooms/:room/${found}/${type}.`;
  throw new ProtocolError("not_found", message);
}
