import type { Verifier } from "../auth/verifier.ts";
import { ProtocolError } from "../protocol/error.ts";
import { permissionsIn } from "../protocol/grant.ts";
import { OTHER_USERS_TOKEN } from "../protocol/refusals.ts";
import type { Session } from "../room/connections/connection.ts";
import type { RoomResult } from "./room-api.ts";

/** What a new token changes about a session. */
export type Renewed = Pick<Session, "expiresAt" | "permissions">;

/** Checks a token that a connection brings in the middle: it must be the same user's. */
export async function renewToken(
  verifier: Verifier,
  token: string,
  userId: string,
  room: string,
): Promise<RoomResult<Renewed>> {
  try {
    const identity = await verifier.verify(token);
    if (identity.userId !== userId) return { ok: false, error: OTHER_USERS_TOKEN };
    const permissions = [...permissionsIn({ name: room }, identity)];
    return { ok: true, value: { expiresAt: identity.expiresAt, permissions } };
  } catch (error) {
    if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
    throw error;
  }
}
