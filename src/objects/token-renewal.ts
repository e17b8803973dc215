import type { Verifier } from "../auth/verifier.ts";
import { ProtocolError } from "../protocol/error.ts";
import type { Identity } from "../protocol/grant.ts";
import { OTHER_USERS_TOKEN } from "../protocol/refusals.ts";
import type { RoomResult } from "./room-api.ts";

/** Whose token it is that a connection brings in the middle: it must be the same user's. */
export async function identityIn(
  verifier: Verifier,
  token: string,
  userId: string,
): Promise<RoomResult<Identity>> {
  try {
    const identity = await verifier.verify(token);
    return identity.userId === userId
      ? { ok: true, value: identity }
      : { ok: false, error: OTHER_USERS_TOKEN };
  } catch (error) {
    if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
    throw error;
  }
}
