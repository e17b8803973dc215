import type * as z from "zod";
import type { Actor } from "../objects/room-api.ts";
import type { Transport } from "../protocol/admission.ts";
import { type Cursor, cursorOf, parseEventId } from "../protocol/cursor.ts";
import type { cursorQuerySchema } from "../protocol/http.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { Call } from "./call.ts";
import { actorIn, type Caller, callerOf } from "./caller.ts";
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
 * @param at when they came, milliseconds since the epoch.
 * @throws {ProtocolError} `access_denied` for whom the room is none of theirs.
 */
export function visit(
  caller: Caller,
  room: RoomName,
  cursor: Cursor | undefined,
  at: number,
): Visitor {
  const { expiresAt = at + BOUNDS.tokenTtlMaxSeconds * 1000, ...actor } = actorIn(room, caller);
  return { room, actor, expiresAt, address: caller.address, cursor };
}

/**
 * Who wants in, to the room of the path, and from where they read on. The one door of WebSocket,
 * event stream and polling.
 *
 * @param query where they read on from, as far as the query says.
 * @throws {ProtocolError} for whatever keeps them out before the room is asked.
 */
export async function visitorOf(
  { request, env, settings, roomName, contract, at }: Call,
  transport: Transport,
  query: CursorQuery,
): Promise<Visitor> {
  requireOrigin(request, settings);
  const folds = requireContract(contract, query.contract);
  const room = logRoom(request, roomName);
  const cursor = readCursor(request, transport, query);
  const visitor = visit(await callerOf(request, env, settings), room, cursor, at);
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
