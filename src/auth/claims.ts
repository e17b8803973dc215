import type { JWTPayload } from "jose";
import { ProtocolError } from "../protocol/error.ts";
import { type Grants, type Identity, PERMISSIONS, type Permission } from "../protocol/grant.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { isUserId } from "../protocol/user-id.ts";

/** The last second that a date can hold (ECMA-262 §21.4.1.1). */
const LAST_SECOND = 8.64e12;

/**
 * Reads an identity out of the claims of a token whose signature was verified (CONTRACT §3).
 *
 * @throws {ProtocolError} `unauthorized` when a claim is missing or of the wrong shape.
 */
export function readClaims(claims: JWTPayload): Identity {
  const { sub, exp } = claims;
  if (typeof sub !== "string" || !isUserId(sub)) {
    throw new ProtocolError(
      "unauthorized",
      `The token's "sub" must be 1 to ${BOUNDS.userIdChars} characters.`,
    );
  }
  if (typeof exp !== "number" || !(exp <= LAST_SECOND)) {
    throw new ProtocolError("unauthorized", 'The token must have an "exp" that is a date.');
  }
  return {
    userId: sub,
    name: readName(claims["name"]) ?? sub.slice(0, BOUNDS.userNameChars).toWellFormed(),
    grants: readGrants(claims["rooms"]),
    // RFC 7519 §2 allows fractions; alarms and clocks here know none, and no token outlives its end.
    expiresAt: Math.floor(exp * 1000),
  };
}

function isName(text: string, maxChars: number): boolean {
  return text.length >= 1 && text.length <= maxChars && text.isWellFormed();
}

function readName(name: unknown): string | undefined {
  if (name === undefined || name === null || name === "") return undefined;
  if (typeof name === "string" && isName(name, BOUNDS.userNameChars)) return name;
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
