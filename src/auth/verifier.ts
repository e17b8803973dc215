import {
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  type JWKSCacheInput,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwksCache,
  jwtVerify,
} from "jose";
import { ProtocolError, TOKEN_EXPIRED } from "../protocol/error.ts";
import type { Identity } from "../protocol/grant.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { readClaims } from "./claims.ts";

/** How tokens are verified; at least one of `secret` and `jwksUrl`. */
export interface VerifierOptions {
  readonly secret?: string;
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
}

/** What a verifier needs of the world; the platform's own by default. */
export interface VerifierWorld {
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

/** Turns a token into an identity. */
export interface Verifier {
  /** @throws {ProtocolError} `unauthorized`, `token_expired`, or `internal` when the key set cannot be fetched. */
  verify(token: string): Promise<Identity>;
}

const ASYMMETRIC = ["RS256", "ES256", "EdDSA"];

/**
 * Makes a verifier. The algorithm of a token decides which key may check it, never the other way
 * round: HS256 only by the secret, RS256, ES256 and EdDSA only by the key set (RFC 8725 §3.1).
 *
 * The key set is cached between calls, and fetched again when a token names a key it lacks. No
 * promise is shared between calls: a Worker may not await another request's.
 */
export function createVerifier(options: VerifierOptions, world: VerifierWorld = {}): Verifier {
  const now = world.now ?? Date.now;
  const secret =
    options.secret === undefined ? undefined : new TextEncoder().encode(options.secret);
  const cache: JWKSCacheInput = {};
  const checks = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    currentDate: new Date(now()),
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  });

  async function check(token: string): Promise<JWTVerifyResult> {
    const alg = algorithmOf(token);
    if (alg === "HS256" && secret !== undefined) return jwtVerify(token, secret, checks(["HS256"]));
    if (alg !== undefined && ASYMMETRIC.includes(alg) && options.jwksUrl !== undefined) {
      const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
        [jwksCache]: cache,
        ...(world.fetch === undefined ? {} : { [customFetch]: world.fetch }),
      });
      return jwtVerify(token, keys, checks(ASYMMETRIC));
    }
    throw new ProtocolError(
      "unauthorized",
      "The token's algorithm is not one that this server verifies.",
    );
  }

  return {
    async verify(token) {
      if (token.length > BOUNDS.tokenChars) {
        throw new ProtocolError("unauthorized", "The token is too long.");
      }
      try {
        return readClaims((await check(token)).payload);
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    throw new ProtocolError("unauthorized", "The token is not a JWT.");
  }
}

function explain(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof errors.JWTExpired) {
    return new ProtocolError("token_expired", TOKEN_EXPIRED.message);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new ProtocolError("unauthorized", `The token's "${error.claim}" was not accepted.`);
  }
  if (error instanceof errors.JWKSTimeout || isFetchFailure(error)) {
    return new ProtocolError("internal", "The keys that verify tokens could not be fetched.");
  }
  return new ProtocolError("unauthorized", "The token is not valid.");
}

/**
 * Whether the keys were the trouble and not the token. jose reports a key set that answers with
 * anything but 200 and JSON as a bare `JOSEError`, and lets through what `fetch` throws: workerd's
 * is a plain `Error`, so whatever is not jose's own is taken for it.
 */
function isFetchFailure(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSInvalid ||
    error.code === "ERR_JOSE_GENERIC"
  );
}
