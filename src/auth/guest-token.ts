import { errors, type JWTPayload } from "jose";
import { ProtocolError } from "../protocol/error.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { secretBytes, verifyBySecrets } from "./secret-keys.ts";

/** How the user id of every guest begins. */
export const GUEST_PREFIX = "guest-";

/** The claim that only this server's own guest tokens have: a backend may name a user `guest-1`. */
export const GUEST_CLAIM = "guest";

/**
 * Whose an earlier guest token is, also one that has ended within the time that guests may come
 * back in.
 *
 * @param now milliseconds since the epoch.
 * @throws {ProtocolError} `token_expired` after that, `unauthorized` for anything but a guest
 *   token of this server.
 */
export async function guestOf(
  token: string,
  secrets: readonly string[],
  now: number,
): Promise<string> {
  const { sub = "", [GUEST_CLAIM]: isGuest } = await claimsOf(token, secrets, now);
  if (isGuest === true && sub.startsWith(GUEST_PREFIX)) return sub;
  throw notAGuest();
}

async function claimsOf(
  token: string,
  secrets: readonly string[],
  now: number,
): Promise<JWTPayload> {
  try {
    const checks = {
      currentDate: new Date(now),
      clockTolerance: BOUNDS.guestReturnSeconds,
      requiredClaims: ["sub", "exp"],
    };
    return (await verifyBySecrets(token, secretBytes(secrets), checks)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWTExpired)) throw notAGuest();
    const days = BOUNDS.guestReturnSeconds / 86_400;
    throw new ProtocolError("token_expired", `renew: ended more than ${days} days ago.`);
  }
}

function notAGuest(): ProtocolError {
  return new ProtocolError("unauthorized", "renew: is not a guest token of this server.");
}
