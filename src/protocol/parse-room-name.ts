import { ProtocolError } from "./error.ts";
import { roomKind } from "./room-kind.ts";
import { type RoomName, roomNameFault } from "./room-name.ts";

/**
 * Reads a room name that was already percent-decoded once from the URL.
 *
 * @throws {ProtocolError} `invalid_request` when it is not `[A-Za-z0-9._~:-]`, 1–128 characters, or is `.` or `..`.
 */
export function parseRoomName(name: string): RoomName {
  const fault = roomNameFault(name);
  if (fault !== undefined) throw new ProtocolError("invalid_request", fault);
  return { name, kind: roomKind(name) };
}
