import type { KeyValues } from "./storage.ts";

/** Who one is on this device. */
export interface Identity {
  readonly token: string;
  readonly userId: string;
  readonly name: string;
  readonly expiresAtMs: number;
  /** A guest's token can be had anew; a pasted one cannot. */
  readonly guest: boolean;
}

const KEY = "hibiki.identity";

/** Whether the identity's token can still be used. */
export function isValid(identity: Identity, nowMs: number): boolean {
  return identity.expiresAtMs > nowMs;
}

/** The identity kept on this device, whether or not its token has ended. */
export function loadIdentity(storage: KeyValues): Identity | undefined {
  try {
    return readIdentity(JSON.parse(storage.getItem(KEY) ?? "null"));
  } catch {
    return undefined;
  }
}

/** Keeps an identity, so that a reload is the same person. */
export function saveIdentity(storage: KeyValues, identity: Identity): void {
  storage.setItem(KEY, JSON.stringify(identity));
}

/** Forgets who one is. */
export function forgetIdentity(storage: KeyValues): void {
  storage.removeItem(KEY);
}

/**
 * Reads who a pasted token is for. It is not verified here, the server does that; `undefined` when
 * it is no JWT with a subject and an end (RFC 7519 §4.1).
 */
export function identityOfToken(token: string): Identity | undefined {
  const { sub, name, exp } = claimsOf(token);
  if (typeof sub !== "string" || typeof exp !== "number") return undefined;
  const shown = typeof name === "string" ? name : sub;
  return { token, userId: sub, name: shown, expiresAtMs: exp * 1_000, guest: false };
}

/** What a token says, unverified; nothing when it is no JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(decodeBase64Url(token.split(".")[1] ?? ""));
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}

/** A JWS in its compact form (RFC 7515 §7.1); its header is an object, and `{` makes an `ey`. */
const TOKEN = /ey[\w-]*\.[\w-]+\.[\w-]+/;

/**
 * The token in what was pasted, whatever came along: the answer of `POST /v1/tokens` that holds it,
 * `Bearer`, quotes, or the line ends of a terminal. Without one, what was pasted.
 */
export function tokenIn(text: string): string {
  return TOKEN.exec(text.replace(/\s+/g, ""))?.[0] ?? text;
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

function readIdentity(value: unknown): Identity | undefined {
  if (!isRecord(value)) return undefined;
  const { token, userId, name, expiresAtMs, guest } = value;
  return typeof token === "string" &&
    typeof userId === "string" &&
    typeof name === "string" &&
    typeof expiresAtMs === "number" &&
    typeof guest === "boolean"
    ? { token, userId, name, expiresAtMs, guest }
    : undefined;
}

/** Whether a value is an object with fields to read. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
