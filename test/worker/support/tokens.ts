import { env } from "cloudflare:workers";
import { mintToken, type TokenRequest } from "../../../src/auth/mint.ts";
import type { Permission } from "../../../src/protocol/grant.ts";

/** A token that may chat everywhere, unless told otherwise. */
export async function tokenFor(sub: string, request: Partial<TokenRequest> = {}): Promise<string> {
  const chat: readonly Permission[] = ["read", "write", "publish"];
  const { token } = await mintToken(
    { secret: env.AUTH_SECRET },
    { sub, name: sub.toUpperCase(), rooms: { "*": chat }, ttlSeconds: 600, ...request },
    Date.now(),
  );
  return token;
}
