import { ProtocolError } from "../protocol/error.ts";
import type { Cursor } from "./address.ts";
import { ask, refusalIn } from "./http.ts";
import type { Reading } from "./http-channel.ts";
import { pollUrl } from "./http-url.ts";
import { type PollPage, readPollPage } from "./poll-page.ts";

/** How long a request may take that waits for nothing, in milliseconds. */
export const ANSWER_MS = 10_000;

/**
 * Asks what came after a cursor, and waits for it up to so many seconds.
 *
 * @throws {ProtocolError} the server's refusal.
 */
export async function poll(
  reading: Reading,
  cursor: Cursor | undefined,
  wait: number,
): Promise<PollPage> {
  const { address, visit } = reading;
  const url = pollUrl(address, visit.room, cursor, wait, visit.wants.contract);
  return got(readPollPage(await get(reading, url, wait * 1_000 + ANSWER_MS)));
}

/**
 * What the server answers to a reader; `undefined` when it is not what was asked for.
 *
 * @throws {ProtocolError} the server's refusal.
 */
export async function get(
  { environment, token, signal }: Reading,
  url: string,
  withinMs = ANSWER_MS,
): Promise<unknown> {
  const { status, body } = await ask(environment, { url, token: token(), signal, withinMs });
  const refused = refusalIn(body);
  if (refused !== undefined) throw ProtocolError.of(refused);
  return status === 200 ? body : undefined;
}

/** What was found in an answer. @throws when it was not. */
export function got<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The answer is not Hibiki's.");
  return value;
}
