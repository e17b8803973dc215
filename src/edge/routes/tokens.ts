import { Hono } from "hono";
import { mintToken, type Signer, type TokenRequest } from "../../auth/mint.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { guestRequestSchema, tokenRequestSchema } from "../../protocol/http.ts";
import type { GuestToken, MintedToken } from "../../protocol/http-answer.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Settings } from "../../protocol/settings.ts";
import { addressOf } from "../address.ts";
import { requireBackend } from "../caller.ts";
import type { AppEnv } from "../env.ts";
import { readBody } from "../input.ts";

/** Routes that hand out tokens: to the team's backend, and to guests where they are let in. */
export const tokens = new Hono<AppEnv>()
  .post("/tokens", async (c) => {
    const { settings } = c.var;
    await requireBackend(c.req.raw, settings);
    const request = await readBody(tokenRequestSchema, c.req.raw, BOUNDS.tokenRequestBytes);
    return c.json(await mint(settings, request), 201);
  })
  .post("/guests", async (c) => {
    const { settings } = c.var;
    if (!settings.auth.guests) throw new ProtocolError("not_found", "Guests are not let in here.");
    const { name } = await readBody(guestRequestSchema, c.req.raw, BOUNDS.tokenRequestBytes);
    const address = addressOf(c.req.raw.headers);
    if ((await c.env.GUEST_RATE?.limit({ key: address }))?.success === false) {
      throw new ProtocolError("rate_limited", "Too many guests from one address.", 60_000);
    }
    const userId = `guest-${crypto.randomUUID()}`;
    const minted = await mint(settings, {
      sub: userId,
      name,
      rooms: { "*": ["read", "write", "publish"] },
      ttlSeconds: BOUNDS.tokenTtlDefaultSeconds,
    });
    const guest: GuestToken = { ...minted, userId, name };
    return c.json(guest, 201);
  });

async function mint({ auth }: Settings, request: TokenRequest): Promise<MintedToken> {
  if (auth.secret === undefined) {
    throw new ProtocolError("not_found", "Tokens are made elsewhere: AUTH_SECRET is not set.");
  }
  const signer: Signer = {
    secret: auth.secret,
    ...(auth.issuer === undefined ? {} : { issuer: auth.issuer }),
    ...(auth.audience === undefined ? {} : { audience: auth.audience }),
  };
  const minted = await mintToken(signer, request, Date.now());
  if (minted.token.length <= BOUNDS.tokenChars) return minted;
  const message = `These grants make a token of over ${BOUNDS.tokenChars} characters; use prefixes.`;
  throw new ProtocolError("too_large", message);
}
