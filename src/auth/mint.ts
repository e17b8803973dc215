import { SignJWT } from "jose";
import type { Grants } from "../protocol/grant.ts";
import type { MintedToken } from "../protocol/http-answer.ts";
import { iso } from "../protocol/iso.ts";
import { GUEST_CLAIM } from "./guest-token.ts";

/** What a minted token says. */
export interface TokenRequest {
  readonly sub: string;
  readonly name?: string | undefined;
  readonly rooms?: Grants | undefined;
  readonly ttlSeconds: number;
  /** Whether it is a guest's, who may come back in by it. */
  readonly guest?: true;
}

/** Who signs, and what its own verifier will check. */
export interface Signer {
  readonly secret: string;
  readonly issuer?: string;
  readonly audience?: string;
}

/**
 * Signs an HS256 token that this server's own verifier accepts.
 *
 * @param now milliseconds since the epoch.
 */
export async function mintToken(
  signer: Signer,
  request: TokenRequest,
  now: number,
): Promise<MintedToken> {
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + request.ttlSeconds;
  const jwt = new SignJWT({
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.rooms === undefined ? {} : { rooms: request.rooms }),
    ...(request.guest === undefined ? {} : { [GUEST_CLAIM]: request.guest }),
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(request.sub)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt);
  if (signer.issuer !== undefined) jwt.setIssuer(signer.issuer);
  if (signer.audience !== undefined) jwt.setAudience(signer.audience);
  return {
    token: await jwt.sign(new TextEncoder().encode(signer.secret)),
    expiresAt: iso(expiresAt * 1000),
  };
}
