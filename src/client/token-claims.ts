import { type Grants, PERMISSIONS, type Permission, permissionsIn } from "../protocol/grant.ts";
import { field } from "./frame-shape.ts";

/**
 * When a token ends, milliseconds since the epoch, by the `exp` of a JWT (RFC 7519 §4.1.4). Nothing
 * is verified; `undefined` for a token that is not a readable JWT.
 */
export function expiryMs(token: string): number | undefined {
  const exp = field(claimsOf(token), "exp");
  return typeof exp === "number" && Number.isFinite(exp) ? exp * 1_000 : undefined;
}

/** Whose token it is, by its `sub`. Nothing is verified; `undefined` when it cannot be read. */
export function subjectOf(token: string): string | undefined {
  const sub = field(claimsOf(token), "sub");
  // One that no user can have, the server takes no token of.
  return typeof sub === "string" ? sub : undefined;
}

/**
 * What a token says its bearer may do in a room (P2.5). Nothing is verified: it is good for
 * offering what the server will allow, and for nothing else.
 */
export function claimedPermissions(token: string, name: string): readonly Permission[] {
  const claims = claimsOf(token);
  const sub = field(claims, "sub");
  const userId = typeof sub === "string" ? sub : "";
  const grants = readGrants(field(claims, "rooms"));
  return permissionsIn({ name }, { userId, grants });
}

function readGrants(rooms: unknown): Grants {
  if (typeof rooms !== "object" || rooms === null) return {};
  return Object.fromEntries(
    Object.entries(rooms).map(([pattern, granted]: [string, unknown]) => [
      pattern,
      PERMISSIONS.filter((permission) => Array.isArray(granted) && granted.includes(permission)),
    ]),
  );
}

function claimsOf(token: string): unknown {
  const [, payload = ""] = token.split(".");
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const escaped = binary.replace(
      /[\s\S]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
    return JSON.parse(decodeURIComponent(escaped));
  } catch {
    return undefined;
  }
}
