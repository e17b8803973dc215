import type { Permission } from "../../client/index.ts";
import type { Problem } from "../connection/connection.ts";
import { type Identity, isRecord } from "./identity.ts";

/** What came of asking to be let in by name. */
export type GuestResult =
  | { readonly kind: "guest"; readonly identity: Identity }
  | { readonly kind: "guests_off" }
  | { readonly kind: "refused"; readonly problem: Problem };

/** What a token is to grant, by names of rooms, where that is less than a guest may. */
export type Less = Readonly<Record<string, readonly Permission[]>>;

/** A server that takes an earlier token answers these when it does not take this one. */
const NOT_RENEWED: ReadonlySet<number> = new Set([400, 401, 403]);

/**
 * Asks the server for a guest's token (P2.12). Never throws.
 *
 * @param renew an earlier token of the same guest's, so that they stay the same person; one that is
 * too old, or not this server's any more, makes a new guest of the name.
 * @param rooms what the token is to grant; all that a guest may when absent.
 */
export async function requestGuest(
  name: string,
  renew?: string,
  rooms?: Less,
): Promise<GuestResult> {
  try {
    const response = await ask({ name, renew, rooms });
    if (renew !== undefined && NOT_RENEWED.has(response.status)) {
      return await requestGuest(name, undefined, rooms);
    }
    if (response.status === 404) return { kind: "guests_off" };
    const body: unknown = await response.json();
    return response.ok ? guest(body) : { kind: "refused", problem: problemOf(body) };
  } catch {
    return refused("unreachable", "The server cannot be reached.");
  }
}

function ask(body: object): Promise<Response> {
  return fetch("/v1/guests", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function guest(body: unknown): GuestResult {
  if (!isRecord(body)) return refused("internal", "The answer cannot be read.");
  const { token, userId, name, expiresAt } = body;
  if (typeof token !== "string" || typeof userId !== "string" || typeof name !== "string") {
    return refused("internal", "The answer cannot be read.");
  }
  const expiresAtMs = new Date(String(expiresAt)).getTime();
  return { kind: "guest", identity: { token, userId, name, expiresAtMs, guest: true } };
}

function problemOf(body: unknown): Problem {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const { code, message, retryAfterMs } = error;
  return {
    code: typeof code === "string" ? code : "internal",
    message: typeof message === "string" ? message : "The server refused.",
    ...(typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
  };
}

function refused(code: string, message: string): GuestResult {
  return { kind: "refused", problem: { code, message } };
}
