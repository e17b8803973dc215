import { readClaims } from "../auth/claims.ts";
import type { Verifier } from "../auth/verifier.ts";
import { ProtocolError, type Refusal, refusal } from "../protocol/error.ts";
import type { Grants, Identity } from "../protocol/grant.ts";

/** Whom a token names, and until when. */
export interface TestClaims {
  readonly userId: string;
  readonly name?: string;
  readonly grants: Grants;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long a person's token lasts, in milliseconds: longer than any test. */
export const TOKEN_MS = 10 * 365 * 86_400_000;

/** A token that a {@link TestServer} takes: a JWT without a signature. */
export function testToken({ userId, name, grants, expiresAt }: TestClaims): string {
  const claims = { sub: userId, name, rooms: grants, exp: expiresAt / 1_000 };
  return `test.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.unsigned`;
}

/** Who a token is of, or why it is none. */
export function readTestToken(token: string, now: number): Identity | Refusal {
  try {
    const [, claims = ""] = token.split(".");
    return readClaims(JSON.parse(Buffer.from(claims, "base64url").toString()), now);
  } catch (error) {
    if (error instanceof ProtocolError) return error.refusal;
    return refusal("unauthorized", "This is no token.");
  }
}

/** Verifies tokens of this kind, by a clock; see {@link readTestToken}. */
export function testVerifier(now: () => number): Verifier {
  return {
    verify: async (token) => {
      const identity = readTestToken(token, now());
      if ("code" in identity) throw ProtocolError.of(identity);
      return identity;
    },
  };
}
