import type { JWTPayload } from "jose";
import { isBlank } from "../protocol/blank-text.ts";
import { ProtocolError } from "../protocol/error.ts";
import { type Grants, type Identity, PERMISSIONS, type Permission } from "../protocol/grant.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { TOKEN_EXPIRED } from "../protocol/refusals.ts";
import { isUserId } from "../protocol/user-id.ts";
import { fitName, nameOfUser } from "../protocol/user-name.ts";
import { isWellFormed } from "../protocol/well-formed.ts";

/** The last second that a date can hold (ECMA-262 §21.4.1.1). */
const LAST_SECOND = 8.64e12;

/**
 * Reads an identity out of the claims of a token whose signature was verified (P2.1).
 *
 * @param now milliseconds since the epoch.
 * @throws {ProtocolError} `unauthorized` when a claim is missing or of the wrong shape,
 *   `token_expired` when its end has come: clocks that differ are forgiven at the beginning of a
 *   token, never at its end.
 */
export function readClaims(claims: JWTPayload, now: number): Identity {
  const { sub, exp, iat } = claims;
  if (typeof sub !== "string" || !isUserId(sub)) {
    throw new ProtocolError(
      "unauthorized",
      `The token's "sub" must be 1 to ${BOUNDS.userIdChars} characters that can be seen, and not ".", ".." or "__proto__".`,
    );
  }
  if (typeof exp !== "number" || !(exp <= LAST_SECOND)) {
    throw new ProtocolError("unauthorized", 'The token must have an "exp" that is a date.');
  }
  // RFC 7519 §2 allows fractions; alarms and clocks here know none, and no token outlives its end.
  const expiresAt = Math.floor(exp * 1000);
  if (expiresAt <= now) throw ProtocolError.of(TOKEN_EXPIRED);
  if (iat !== undefined && iat > now / 1000 + BOUNDS.clockLeewaySeconds) {
    throw new ProtocolError("unauthorized", 'The token\'s "iat" was not accepted.');
  }
  return {
    userId: sub,
    name: readName(claims["name"]) ?? nameOfUser(sub),
    grants: readGrants(claims["rooms"]),
    expiresAt,
  };
}

/**
 * The name as it is shown; `undefined` when there is none, or nothing of it can be seen. Whoever
 * issues tokens checks names by rules of its own, and its users cannot help it: what a name must not
 * hold is left out, and keeps nobody out.
 */
function readName(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined;
  if (typeof claim === "string" && isWellFormed(claim)) {
    const name = fitName(claim);
    if (name.length <= BOUNDS.userNameChars) return isBlank(name) ? undefined : name;
  }
  throw new ProtocolError(
    "unauthorized",
    `The token's "name" must be text of at most ${BOUNDS.userNameChars} characters.`,
  );
}

function readGrants(rooms: unknown): Grants {
  if (rooms === undefined || rooms === null) return {};
  if (typeof rooms !== "object" || Array.isArray(rooms)) throw badGrants();
  return Object.fromEntries(
    Object.entries(rooms).map(([pattern, permissions]: [string, unknown]) => {
      if (!Array.isArray(permissions)) throw badGrants();
      // A permission that a later version will know grants nothing in this one.
      return [pattern, permissions.filter(isPermission)];
    }),
  );
}

function isPermission(value: unknown): value is Permission {
  return (PERMISSIONS as readonly unknown[]).includes(value);
}

function badGrants(): ProtocolError {
  return new ProtocolError(
    "unauthorized",
    'The token\'s "rooms" must map room names or prefixes to lists of permissions.',
  );
}
