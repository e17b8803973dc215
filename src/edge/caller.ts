import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { createVerifier, type Verifier } from "../auth/verifier.ts";
import type { Actor } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import { PERMISSIONS } from "../protocol/grant.ts";
import { asQuerySchema } from "../protocol/http.ts";
import { INNER_VERSION } from "../protocol/inner-version.ts";
import { NEITHER_CREDENTIAL, NO_TOKEN } from "../protocol/refusals.ts";
import type { RoomName } from "../protocol/room-name.ts";
import type { Settings } from "../protocol/settings.ts";
import { parseOffer } from "../protocol/subprotocol.ts";
import { SYSTEM_USER_ID } from "../protocol/user-id.ts";
import { nameOfUser } from "../protocol/user-name.ts";
import { addressOf } from "./address.ts";
import { bearerToken, isBackend } from "./bearer.ts";
import type { AppEnv, Env } from "./env.ts";
import type { Gate, Permitted, User } from "./gate.ts";
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
  | ({ readonly kind: "user" } & User)
  | { readonly kind: "backend"; readonly as: string | undefined }
);

/** A caller with a token. */
export type UserCaller = Extract<Caller, { readonly kind: "user" }>;

/** As much of a signature as tells it from any other: 192 bits. */
const TOKEN_TAIL_CHARS = 32;

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
  const caller = await tokenCaller(token, address, settings);
  await holdUser(caller.identity.userId, env, settings);
  return caller;
}

/**
 * Who brings this token.
 *
 * @throws {ProtocolError} `unauthorized`, `token_expired`.
 */
export async function tokenCaller(
  token: string,
  address: string,
  settings: Settings,
): Promise<UserCaller> {
  const identity = await verifierOf(settings).verify(token);
  // The end of a signature that was verified is no other token's.
  return { kind: "user", address, identity, token: token.slice(-TOKEN_TAIL_CHARS) };
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
}

/** Someone at the door of a room, and by what they come in. */
export interface Admittee {
  readonly actor: NamedActor;
  /** Of a user; the API key has no end, and no rule is asked about it. */
  readonly permitted: Permitted | undefined;
}

/**
 * A caller as someone who acts in a room. The backend acts as `?as=<userId>`.
 *
 * @param staying whether they come in to stay.
 * @throws {ProtocolError} what {@link Gate.permit} throws.
 */
export async function admit(
  room: RoomName,
  caller: Caller,
  { request, env, gate }: { readonly request: Request; readonly env: Env; readonly gate: Gate },
  staying: boolean,
): Promise<Admittee> {
  if (caller.kind === "backend") return { actor: backendAs(caller.as), permitted: undefined };
  const permitted = await gate.permit(room, caller, { request, env, staying });
  const { permissions, authority } = permitted;
  const { userId, name } = caller.identity;
  const actor = { userId, name, permissions, named: true, version: INNER_VERSION };
  if (authority === undefined) return { actor, permitted };
  const { member } = authority;
  const known = member === undefined ? {} : { member };
  return { actor: { ...actor, authorized: true, ...known }, permitted };
}

/**
 * Who makes a request, as someone who acts in the room that it is about.
 *
 * @throws {ProtocolError} what {@link callerOf} and {@link admit} throw.
 */
export async function requestActor(
  { req, env, var: { settings, gate } }: Context<AppEnv, string>,
  room: RoomName,
): Promise<NamedActor> {
  const request = req.raw;
  const caller = await callerOf(request, env, settings);
  return (await admit(room, caller, { request, env, gate }, false)).actor;
}

function backendAs(as: string | undefined): NamedActor {
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

function verifierOf(settings: Settings): Verifier {
  let verifier = verifiers.get(settings);
  if (verifier === undefined) {
    verifier = createVerifier(settings.auth, { background: waitUntil });
    verifiers.set(settings, verifier);
  }
  return verifier;
}
