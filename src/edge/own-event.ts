import type { AnyContract } from "../contract/contract.ts";
import { ProtocolError } from "../protocol/error.ts";

/**
 * Holds a request to the events of a room's kind, whoever may send them.
 *
 * @param contract of the room, when its kind is one of a team's own.
 * @throws {ProtocolError} `not_found` for what is no event of it.
 */
export function requireEvent(contract: AnyContract | undefined, type: string): void {
  if (contract === undefined) {
    throw new ProtocolError("not_found", "Rooms of this kind have no events of their own.");
  }
  if (Object.hasOwn(contract.events, type)) return;
  const message = Object.hasOwn(contract.signals, type)
    ? `"${type}" is a signal: it is said over a WebSocket.`
    : `Rooms "${contract.prefix}:…" have no such event.`;
  throw new ProtocolError("not_found", message);
}
