import type * as z from "zod";
import type { Actor } from "../objects/room-api.ts";
import type { Transport } from "../protocol/admission.ts";
import type { Authority } from "../protocol/authority.ts";
import { type Cursor, cursorOf, parseEventId } from "../protocol/cursor.ts";
import type { cursorQuerySchema } from "../protocol/http.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { Call } from "./call.ts";
import { type Admittee, admit, type Caller, callerOf } from "./caller.ts";
import { logRoom } from "./input.ts";
import { requireContract } from "./named-contract.ts";
import { requireOrigin } from "./origin.ts";

type CursorQuery = z.output<typeof cursorQuerySchema>;

/** Someone who wants to hear a room, whichever way they come in. */
export interface Visitor {
  readonly room: RoomName;
  /** Whose permissions the room itself checks. */
  readonly actor: Actor;
  /** When they must go, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** By what they come in, where the room's kind asks a rule. */
  readonly authority: Authority | undefined;
  /** Address the connection limit counts by. */
  readonly address: string;
  readonly cursor: Cursor | undefined;
  /** Hash of the contract by which it, or whoever answers it, folds what the room tells. */
  readonly folds?: string | undefined;
}

/**
 * A caller who wants to hear a room, from where they read on. Who the caller is need be found out
 * once, however many rooms they visit.
 *
 * @throws {ProtocolError} for whom the room is none of theirs, as {@link Gate.permit} says.
 */
export async function visit(
  call: Pick<Call, "request" | "env" | "gate" | "at">,
  caller: Caller,
  room: RoomName,
  transport: Transport,
  cursor?: Cursor,
): Promise<Visitor> {
  // A poll is over in half a minute, and another one comes: answers are kept for about that long.
  const admittee = await admit(room, caller, call, transport !== "poll");
  return { ...visitorBy(admittee, room, caller.address, call.at), cursor };
}

/** Somebody at the door of a room, as they go in. */
export function visitorBy(
  { actor, permitted }: Admittee,
  room: RoomName,
  address: string,
  now: number,
): Omit<Visitor, "cursor"> {
  const { expiresAt = now + BOUNDS.tokenTtlMaxSeconds * 1000, authority } = permitted ?? {};
  return { room, actor, expiresAt, authority, address };
}

/**
 * Who wants in, to the room of the path, and from where they read on. The one door of WebSocket,
 * event stream and polling.
 *
 * @param query where they read on from, as far as the query says.
 * @throws {ProtocolError} for whatever keeps them out before the room is asked.
 */
export async function visitorOf(
  call: Call,
  transport: Transport,
  query: CursorQuery,
): Promise<Visitor> {
  const { request, env, settings, roomName, contract } = call;
  requireOrigin(request, settings);
  const folds = requireContract(contract, query.contract);
  const room = logRoom(request, roomName);
  const cursor = readCursor(request, transport, query);
  const caller = await callerOf(request, env, settings);
  const visitor = await visit(call, caller, room, transport, cursor);
  // A poll's answer has the state: that is folded here.
  return { ...visitor, folds: transport === "poll" ? contract?.hash : folds };
}

/** An EventSource that comes back says where it was in a header, beside the query of its first time. */
function readCursor(
  request: Request,
  transport: Transport,
  { since, epoch }: CursorQuery,
): Cursor | undefined {
  const lastEventId = transport === "sse" ? request.headers.get("Last-Event-ID") : null;
  return lastEventId === null || lastEventId === ""
    ? cursorOf(since, epoch)
    : parseEventId(lastEventId);
}
