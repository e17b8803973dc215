import { mintToken } from "../../../src/auth/mint.ts";
import { SECRETS } from "../../support/server.ts";

/** A token that may read and write everywhere. */
export async function tokenFor(sub: string): Promise<string> {
  const request = { sub, rooms: { "*": ["read", "write"] as const }, ttlSeconds: 3_600 };
  return (await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now())).token;
}
