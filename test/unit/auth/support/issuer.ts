import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { KeySet } from "../../../../src/auth/key-set.ts";
import {
  createVerifier,
  type Verifier,
  type VerifierOptions,
} from "../../../../src/auth/verifier.ts";
import { ProtocolError } from "../../../../src/protocol/error.ts";

export const NOW = Date.UTC(2026, 0, 1);

export const SECRET = "a-secret-of-the-unit-tests";

const JWKS = "https://issuer.test/jwks.json";

type SigningKey = Parameters<SignJWT["sign"]>[0];

export interface Pair {
  readonly jwk: JWK;
  readonly spki: string;
  /** @param named the key id that the token names; `null` for none. */
  sign(claims?: object, named?: string | null): Promise<string>;
}

export async function pair(alg: string, kid: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    spki: await exportSPKI(publicKey),
    sign: (claims = {}, named = kid) => sign(alg, named, privateKey, claims),
  };
}

export function sign(
  alg: string,
  kid: string | null,
  key: SigningKey,
  claims: object = {},
): Promise<string> {
  return new SignJWT({ sub: "ada", exp: NOW / 1000 + 3_600, ...claims })
    .setProtectedHeader({ alg, ...(kid === null ? {} : { kid }) })
    .sign(key);
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export async function verdict(verifier: Verifier, token: string): Promise<string> {
  try {
    return (await verifier.verify(token)).userId;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** An issuer whose answer and keys can change, and that counts how often it was asked. */
export class Issuer {
  keys: readonly JWK[] = [];
  fetches = 0;
  now = NOW;
  /** What goes on behind an answer. */
  readonly behind: Promise<void>[] = [];
  answer: () => Response | Promise<Response> = () => Response.json({ keys: this.keys });

  verifier(options: VerifierOptions = {}): Verifier {
    const now = () => this.now;
    const keySet = new KeySet(JWKS, {
      now,
      fetch: async () => {
        this.fetches += 1;
        return this.answer();
      },
      // Whoever waits for another's fetch lets the rest go on, and time passes.
      pause: async (ms) => {
        const until = this.now + ms;
        await new Promise((resolve) => setImmediate(resolve));
        this.now = Math.max(this.now, until);
      },
    });
    const background = (work: Promise<void>) => void this.behind.push(work);
    return createVerifier({ jwksUrl: JWKS, ...options }, { now, keySet, background });
  }
}
