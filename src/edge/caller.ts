import { waitUntil } from "cloudflare:workers";
import { createVerifier, type Verifier } from "../auth/verifier.ts";
import type { Actor } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import { type Identity, PERMISSIONS, type Permission, permissionsIn } from "../protocol/grant.ts";
import { asQuerySchema } from "../protocol/http.ts";
import { INNER_VERSION } from "../protocol/inner-version.ts";
import { NEITHER_CREDENTIAL, NO_TOKEN, NOTHING_GRANTED } from "../protocol/refusals.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { Settings } from "../protocol/settings.ts";
import { parseOffer } from "../protocol/subprotocol.ts";
import { SYSTEM_USER_ID } from "../protocol/user-id.ts";
import { nameOfUser } from "../protocol/user-name.ts";
import { addressOf } from "./address.ts";
import { bearerToken, isBackend } from "./bearer.ts";
import type { Env } from "./env.ts";
import { readQuery, urlOf } from "./input.ts";
import { holdUser } from "./rate.ts";

/**
 * Who makes a request, whatever rooms it is about: a user with a token, or the team's own backend
 * with the API key, which may name the user on whose behalf it acts.
 */
export type Caller = {
  /** Address that limits count by. */
  readonly address: string;
} & (
  | { readonly kind: "user"; readonly identity: Identity }
  | { readonly kind: "backend"; readonly as: string | undefined }
);

const verifiers = new WeakMap<Settings, Verifier>();

/**
 * Who makes a request: the first credential present counts (P2.8), and nothing else that a
 * client says about itself. It is counted against its user.
 *
 * @throws {ProtocolError} `unauthorized`, `token_expired`, `rate_limited`, or `invalid_request` for
 *   a bad `as`.
 */
export async function callerOf(request: Request, env: Env, settings: Settings): Promise<Caller> {
  const address = addressOf(request, settings.trustedIpHeader);
  if (await isBackend(request, settings)) {
    return { kind: "backend", address, as: readQuery(asQuerySchema, request).as };
  }
  const header = bearerToken(request);
  // Elsewhere than in the header an API key is none, and whoever is told so would look for a slip in it.
  if (header?.includes(".") === false) throw ProtocolError.of(NEITHER_CREDENTIAL);
  const token =
    header ??
    parseOffer(request.headers.get("Sec-WebSocket-Protocol")).token ??
    urlOf(request).searchParams.get("token");
  if (token === null) throw ProtocolError.of(NO_TOKEN);
  const identity = await verifierOf(settings).verify(token);
  await holdUser(identity.userId, env, settings);
  return { kind: "user", address, identity };
}

/**
 * @throws {ProtocolError} `unauthorized` for anyone but the backend; `not_configured` where there
 *   is none, which must not look like a wrong key.
 */
export async function requireBackend(request: Request, settings: Settings): Promise<void> {
  if (await isBackend(request, settings)) return;
  if (settings.auth.apiKeys.length === 0) {
    throw new ProtocolError(
      "not_configured",
      "API_KEY is not set on this server: `wrangler secret put API_KEY`.",
    );
  }
  throw new ProtocolError("unauthorized", "This needs the API key: Authorization: Bearer <key>.");
}

/** Someone who acts in a room. */
export interface NamedActor extends Actor {
  /** Whether it is known on whose behalf. */
  readonly named: boolean;
  /** When its token ends, milliseconds since the epoch; the API key does not. */
  readonly expiresAt?: number;
}

/**
 * A caller as someone who acts in a room. The backend acts as `?as=<userId>`.
 *
 * @throws {ProtocolError} `access_denied` for whom the room is none of theirs.
 */
export function actorIn(room: RoomName, caller: Caller): NamedActor {
  if (caller.kind === "user") {
    const { userId, name, expiresAt } = caller.identity;
    const permissions = grantedIn(room, caller.identity);
    return { userId, name, permissions, named: true, expiresAt, version: INNER_VERSION };
  }
  const { as } = caller;
  const userId = as ?? SYSTEM_USER_ID;
  return {
    userId,
    name: nameOfUser(userId),
    permissions: PERMISSIONS,
    backend: true,
    named: as !== undefined,
    version: INNER_VERSION,
  };
}

/**
 * Who makes a request, as someone who acts in the room that it is about.
 *
 * @throws {ProtocolError} what {@link callerOf} and {@link actorIn} throw.
 */
export async function requestActor(
  request: Request,
  env: Env,
  settings: Settings,
  room: RoomName,
): Promise<NamedActor> {
  return actorIn(room, await callerOf(request, env, settings));
}

/**
 * What an identity may do in a room. A stranger to it is turned away before the room is asked: or
 * anyone could make rooms come to be.
 *
 * @throws {ProtocolError} `access_denied` when that is nothing.
 */
function grantedIn(room: RoomName, identity: Identity): readonly Permission[] {
  const permissions = permissionsIn(room, identity);
  if (permissions.length > 0) return permissions;
  throw ProtocolError.of(NOTHING_GRANTED);
}

function verifierOf(settings: Settings): Verifier {
  let verifier = verifiers.get(settings);
  if (verifier === undefined) {
    verifier = createVerifier(settings.auth, { background: waitUntil });
    verifiers.set(settings, verifier);
  }
  return verifier;
}
