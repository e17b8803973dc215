import { isRecord } from "../../identity/identity.ts";
import { type Letters, pageOf } from "./page.ts";

/** What a question about dead letters came to. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly words: string };

const MOST = 200;

/** Asks a server what a room has given up, the newest first. */
export function askLetters(key: string, room: string): Promise<Answer<Letters>> {
  return ask(key, "GET", `${pathOf(room)}?limit=${MOST}`, pageOf);
}

/** Has one letter sent again, or all of them; how many are on their way. */
export function askAgain(key: string, room: string, id?: number): Promise<Answer<number>> {
  const which = id === undefined ? "" : `/${id}`;
  return ask(key, "POST", `${pathOf(room)}${which}/resend`, (body) =>
    isRecord(body) ? Number(body["resent"]) : 0,
  );
}

function pathOf(room: string): string {
  return `/v1/rooms/${encodeURIComponent(room)}/dead-letters`;
}

async function ask<T>(
  key: string,
  method: string,
  path: string,
  read: (body: unknown) => T,
): Promise<Answer<T>> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(path, { method, headers, cache: "no-store" });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return { ok: true, value: read(body) };
    const error = isRecord(body) ? body["error"] : undefined;
    const said = isRecord(error) ? error["message"] : undefined;
    const words = typeof said === "string" ? said : `The server answered ${response.status}.`;
    return { ok: false, words };
  } catch {
    return { ok: false, words: "The server cannot be reached." };
  }
}
