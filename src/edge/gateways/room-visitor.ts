import type { Cursor } from "../../protocol/cursor.ts";
import { parseRoomName } from "../../protocol/parse-room-name.ts";
import type { Call } from "../call.ts";
import { admit, type Caller } from "../caller.ts";
import { contractOf, type Deployment } from "../deployment.ts";
import { requireContract } from "../named-contract.ts";
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
 * Somebody at the door of one of many rooms.
 *
 * @param room its name, unchecked.
 * @throws {ProtocolError} for whom the room is none of theirs, and for what is no room's name.
 */
export async function roomVisitor(
  call: RoomsCall,
  caller: Caller,
  room: string,
  { cursor, contract, staying }: Arriving,
): Promise<Visitor> {
  const name = parseRoomName(room);
  const folds = requireContract(contractOf(call, room), contract);
  const admittee = await admit(name, caller, call, staying);
  return { ...visitorBy(admittee, name, caller.address, Date.now()), cursor, folds };
}
