import type { Cursor } from "../../protocol/cursor.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import type { Call } from "../call.ts";
import { admit, type Caller } from "../caller.ts";
import { contractOf, type Deployment } from "../deployment.ts";
import { requireContract } from "../named-contract.ts";
import { holdUser } from "../rate.ts";
import { type Visitor, visitorBy } from "../visitor.ts";

/** A request to hear rooms, and what is needed to enter them. */
export type RoomsCall = Omit<Call, "roomName" | "contract" | "at"> & Pick<Deployment, "contracts">;

/** From where somebody reads a room, and by what. */
export interface Arriving {
  readonly cursor?: Cursor | undefined;
  /** The contract by which the client folds what it hears, `<version>.<hash>`. */
  readonly contract?: string | undefined;
  /** Whether they come in to stay. */
  readonly staying: boolean;
}

/**
 * Somebody at the door of one of many rooms, which counts as a request of its own: one connection is no
 * way around how many rooms a user may come into.
 *
 * @param room its name, unchecked.
 * @throws {ProtocolError} for whom the room is none of theirs, for what is no room's name, and
 *   `rate_limited`.
 */
export async function roomVisitor(
  call: RoomsCall,
  caller: Caller,
  room: string,
  { cursor, contract, staying }: Arriving,
): Promise<Visitor> {
  const name = parseRoomName(room);
  if (caller.kind === "user") await holdUser(caller.identity.userId, call.env, call.settings);
  const folds = requireContract(contractOf(call, room), contract);
  const admittee = await admit(name, caller, call, staying);
  return { ...visitorBy(admittee, name, caller.address, Date.now()), cursor, folds };
}
