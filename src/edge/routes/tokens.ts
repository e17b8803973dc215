import { Hono } from "hono/tiny";
import { guestGrants } from "../../auth/guest-grants.ts";
import { GUEST_PREFIX, guestOf } from "../../auth/guest-token.ts";
import { mintToken, type Signer, type TokenRequest } from "../../auth/mint.ts";
import { Journal } from "../../metrics/journal.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { guestRequestSchema, tokenRequestSchema } from "../../protocol/http.ts";
import type { GuestToken, MintedToken } from "../../protocol/http-answer.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { AuditAction } from "../../protocol/log-line.ts";
import type { Settings } from "../../protocol/settings.ts";
import { requireBackend } from "../caller.ts";
import type { AppEnv, Env } from "../env.ts";
import { readBody } from "../input.ts";
import { holdGuests } from "../rate.ts";

/** Routes that hand out tokens: to the team's backend, and to guests where they are let in. */
export const tokens = new Hono<AppEnv>()
  .post("/tokens", async (c) => {
    const { settings } = c.var;
    await requireBackend(c.req.raw, settings);
    const request = await readBody(tokenRequestSchema, c.req.raw, BOUNDS.tokenRequestBytes);
    const minted = await mint(settings, request);
    audit(c.env, "mint_token", "backend", request);
    return c.json(minted, 201);
  })
  .post("/guests", async (c) => {
    const { settings } = c.var;
    const { guestRooms, secrets } = settings.auth;
    if (guestRooms === undefined) {
      throw new ProtocolError("not_found", "Guests are not let in here.");
    }
    const { name, renew, rooms } = await readBody(
      guestRequestSchema,
      c.req.raw,
      BOUNDS.tokenRequestBytes,
    );
    const grants = guestGrants(guestRooms, rooms);
    await holdGuests(c.req.raw, c.env, settings);
    const userId =
      renew === undefined
        ? `${GUEST_PREFIX}${crypto.randomUUID()}`
        : await guestOf(renew, secrets, Date.now());
    const request: TokenRequest = {
      sub: userId,
      name,
      rooms: grants,
      ttlSeconds: BOUNDS.tokenTtlDefaultSeconds,
      // One with less must not be a way to one with all.
      ...(rooms === undefined ? { guest: true } : {}),
    };
    const guest: GuestToken = { ...(await mint(settings, request)), userId, name };
    audit(c.env, renew === undefined ? "mint_guest" : "renew_guest", userId, request);
    return c.json(guest, 201);
  });

async function mint({ auth }: Settings, request: TokenRequest): Promise<MintedToken> {
  const [secret] = auth.secrets;
  if (secret === undefined) {
    throw new ProtocolError("not_found", "Tokens are made elsewhere: AUTH_SECRET is not set.");
  }
  const signer: Signer = {
    secret,
    ...(auth.issuer === undefined ? {} : { issuer: auth.issuer }),
    ...(auth.audience === undefined ? {} : { audience: auth.audience }),
  };
  const minted = await mintToken(signer, request, Date.now());
  if (minted.token.length <= BOUNDS.tokenChars) return minted;
  const message = `These grants make a token of over ${BOUNDS.tokenChars} characters; use prefixes.`;
  throw new ProtocolError("too_large", message);
}

function audit(env: Env, action: AuditAction, by: string, { sub, rooms = {} }: TokenRequest): void {
  const grants = Object.entries(rooms).map(
    ([pattern, permissions]) => `${pattern}: ${permissions.join(" ")}`,
  );
  new Journal(env.ANALYTICS).say({ event: "audit", action, by, target: sub, grants }, Date.now());
}
