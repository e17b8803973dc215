import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyOptions } from "jose";
import { ProtocolError } from "../protocol/error.ts";
import type { Identity } from "../protocol/grant.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { TOKEN_EXPIRED } from "../protocol/refusals.ts";
import { readClaims } from "./claims.ts";
import { type Background, type KeySet, keySetOf } from "./key-set.ts";
import { secretBytes, verifyBySecrets } from "./secret-keys.ts";

/** How tokens are verified; at least one of a secret and `jwksUrl`. */
export interface VerifierOptions {
  /** HS256 secrets, any of which may have signed. */
  readonly secrets?: readonly string[];
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
}

/** What a verifier needs of the world. */
export interface VerifierWorld {
  readonly now?: () => number;
  /** Instead of the isolate's own. */
  readonly keySet?: KeySet;
  /** Lets keys be fetched behind an answer; by default nothing keeps the platform from ending it. */
  readonly background?: Background;
}

/** Turns a token into an identity. */
export interface Verifier {
  /** @throws {ProtocolError} `unauthorized`, `token_expired`, or `internal` when the key set cannot be fetched. */
  verify(token: string): Promise<Identity>;
}

const ASYMMETRIC = ["RS256", "ES256", "EdDSA"];

/**
 * Makes a verifier. The algorithm of a token decides which key may check it, never the other way
 * round: HS256 only by a secret, RS256, ES256 and EdDSA only by the key set (RFC 8725 §3.1).
 */
export function createVerifier(options: VerifierOptions, world: VerifierWorld = {}): Verifier {
  const { now = Date.now, background = () => undefined } = world;
  const secrets = secretBytes(options.secrets ?? []);
  const keySet =
    options.jwksUrl === undefined ? undefined : (world.keySet ?? keySetOf(options.jwksUrl));

  const checksAt = (nowMs: number): JWTVerifyOptions => ({
    currentDate: new Date(nowMs),
    clockTolerance: BOUNDS.clockLeewaySeconds,
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  });

  async function claimsOf(token: string, nowMs: number) {
    const alg = algorithmOf(token);
    const checks = checksAt(nowMs);
    if (alg === "HS256" && secrets.length > 0) return verifyBySecrets(token, secrets, checks);
    if (keySet !== undefined && ASYMMETRIC.includes(alg)) {
      return keySet.verify(token, { ...checks, algorithms: ASYMMETRIC }, background);
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
        const { payload } = await claimsOf(token, now());
        return readClaims(payload, now());
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

/** Looks at everything about a token that needs no key: nothing is fetched for what is none. */
function algorithmOf(token: string): string {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    decodeJwt(token);
    const isNamed = kid === undefined || typeof kid === "string";
    if (typeof alg === "string" && isNamed && JWS.test(token)) return alg;
  } catch {
    // Told below.
  }
  throw new ProtocolError("unauthorized", "The token is not a JWT.");
}

/** Three parts of base64url, each with something in it (RFC 7515 §7.1). */
const JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function explain(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof errors.JWTExpired) return ProtocolError.of(TOKEN_EXPIRED);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new ProtocolError("unauthorized", `The token's "${error.claim}" was not accepted.`);
  }
  // What is not jose's own is the platform's, about a key of the set that it cannot use.
  if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSInvalid) {
    return new ProtocolError("internal", "The keys that verify tokens cannot be used.");
  }
  return new ProtocolError("unauthorized", "The token is not valid.");
}
