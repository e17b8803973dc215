import { type Refusal, refusal } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { Connection, Session } from "./connection.ts";
import { iso } from "./iso.ts";
import type { RoomLog } from "./log.ts";

/** The refusal of whoever is banned; `undefined` for everyone else. */
export function banOf(log: RoomLog, userId: string, now: number): Refusal | undefined {
  const until = log.bannedUntil(userId);
  return until === undefined || until <= now
    ? undefined
    : refusal("banned", `You are banned from this room until ${iso(until)}.`);
}

/** Why one more connection is too many; `undefined` when it is not. */
export function tooMany(
  connections: ReadonlyMap<string, Connection>,
  session: Session,
  perAddress: number,
): Refusal | undefined {
  if (connections.size >= BOUNDS.connectionsPerRoom) {
    return refusal("too_many_connections", "The room is full. Try again later.");
  }
  let fromAddress = 0;
  for (const other of connections.values()) {
    if (other.session.address === session.address) fromAddress += 1;
  }
  return fromAddress < perAddress
    ? undefined
    : refusal(
        "too_many_connections",
        `At most ${perAddress} connections to a room from one address. Close another first.`,
      );
}
