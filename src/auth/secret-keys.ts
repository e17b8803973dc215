import { errors, type JWTVerifyOptions, type JWTVerifyResult, jwtVerify } from "jose";

/**
 * Verifies an HS256 token by whichever of the secrets signed it: the first is the one that signs
 * now, the others are of before, until their tokens have ended.
 *
 * @throws {errors.JOSEError} when none did, or when a claim is not accepted.
 */
export async function verifyBySecrets(
  token: string,
  secrets: readonly Uint8Array[],
  checks: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  for (const secret of secrets) {
    try {
      return await jwtVerify(token, secret, { ...checks, algorithms: ["HS256"] });
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** Secrets as the bytes that sign. */
export function secretBytes(secrets: readonly string[]): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return secrets.map((secret) => encoder.encode(secret));
}
