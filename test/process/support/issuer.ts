import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

const AUDIENCE = "hibiki-of-the-process-tests";

/** A pair of keys that signs tokens for the server under test. */
export interface Signing {
  readonly jwk: JWK;
  sign(userId: string, ttlSeconds?: number): Promise<string>;
}

/** Makes a pair; unless an issuer tells its public half, its tokens are junk. */
export async function newSigning(kid: string): Promise<Signing> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: "ES256" },
    sign: (userId, ttlSeconds = 600) =>
      new SignJWT({ rooms: { "*": ["read", "write"] } })
        .setProtectedHeader({ alg: "ES256", kid })
        .setSubject(userId)
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
        .sign(privateKey),
  };
}

/** How an issuer answers: with its keys, with an error, or never. */
export type Mood = "well" | "down" | "hanging";

/** A real issuer of keys on this machine, that counts how often it is asked. */
export class Issuer {
  mood: Mood = "well";
  asked = 0;
  keys: readonly JWK[];
  readonly #server: Server;

  private constructor(keys: readonly JWK[]) {
    this.keys = keys;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(...signings: readonly Signing[]): Promise<Issuer> {
    const issuer = new Issuer(signings.map(({ jwk }) => jwk));
    await new Promise<void>((resolve) => issuer.#server.listen(0, "127.0.0.1", resolve));
    return issuer;
  }

  /** The settings of a server that trusts it. */
  get vars(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/jwks.json`;
    return { AUTH_SECRET: "", AUTH_JWKS_URL: url, AUTH_AUDIENCE: AUDIENCE };
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    this.asked += 1;
    if (this.mood === "hanging") return;
    response.writeHead(this.mood === "well" ? 200 : 503, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ keys: this.keys }));
  }
}
