import { RealtimeError } from "./error.ts";

/** As `roomNameFault` has it; whether what follows `user:` is a user that there can be, the server says. */
const ROOM_NAME = /^(?!(user:)?\.{0,2}$)(user:.{1,128}|[\w.~:-]{1,128})$/s;

/** @throws {RealtimeError} `invalid_request` when it is no room's name. */
export function requireRoomName(id: string): void {
  if (ROOM_NAME.test(id)) return;
  const message = "A room's name is 1 to 128 of A-Z a-z 0-9 . _ ~ : -.";
  throw RealtimeError.invalid("invalid_request", message);
}
