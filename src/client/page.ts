import { ERROR_CODES, type ErrorCode, type Refusal } from "../protocol/error.ts";
import type { NotificationPage } from "../protocol/notification.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import type { Environment, HttpResponse } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { field } from "./frame-shape.ts";
import type { TokenSource } from "./token-source.ts";

/** How long a page may take, in milliseconds. */
const ANSWER_MS = 15_000;

/**
 * Fetches a page, from where it is for a token. A refused token is renewed once, if it can be.
 *
 * @throws {RealtimeError} the server's refusal, `unreachable`, `timeout`, or `unauthorized` when the
 * token function fails.
 */
export async function fetchPage<Page>(
  environment: Environment,
  tokens: TokenSource,
  urlFor: (token: string) => string,
  isPage: (body: unknown) => body is Page,
): Promise<Page> {
  const token = await granted(tokens.get());
  const answer = await get(environment, urlFor(token), token);
  if (answer.status !== 401 || !tokens.renewable) return read(answer, isPage);
  const renewed = await granted(tokens.replace(token));
  const again = renewed === token ? answer : await get(environment, urlFor(renewed), renewed);
  return read(again, isPage);
}

interface Answer {
  readonly status: number;
  /** `undefined` when it is no JSON. */
  readonly body: unknown;
}

async function granted(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch {
    throw RealtimeError.invalid("unauthorized", "The token function failed.");
  }
}

async function get(environment: Environment, url: string, token: string): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const cancel = environment.after(ANSWER_MS, () =>
    late.reject(RealtimeError.local("timeout", "The server did not answer in time.")),
  );
  try {
    const headers = { authorization: `Bearer ${token}` };
    // The body too may never come to its end.
    return await Promise.race([environment.fetch(url, headers).then(taken), late.promise]);
  } catch (error) {
    if (error instanceof RealtimeError) throw error;
    throw RealtimeError.local("unreachable", "The server could not be reached.");
  } finally {
    cancel();
  }
}

async function taken(response: HttpResponse): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, body };
}

function read<Page>({ status, body }: Answer, isPage: (body: unknown) => body is Page): Page {
  if (status === 200 && isPage(body)) return body;
  const refused = field(body, "error");
  if (isRefusal(refused)) throw RealtimeError.refused(refused);
  throw RealtimeError.local("unreachable", `The answer (${status}) is not Hibiki's.`);
}

/** Whether this is a page of a chat's history. */
export function isMessagePage(body: unknown): body is MessagePage {
  return isPageOf(field(body, "messages"), body);
}

/** Whether this is a page of an inbox. */
export function isNotificationPage(body: unknown): body is NotificationPage {
  return isPageOf(field(body, "notifications"), body) && typeof field(body, "unread") === "number";
}

function isPageOf(entries: unknown, body: unknown): boolean {
  return (
    Array.isArray(entries) &&
    entries.every((entry) => typeof field(entry, "seq") === "number") &&
    typeof field(body, "epoch") === "string" &&
    typeof field(body, "seq") === "number" &&
    typeof field(body, "hasMore") === "boolean"
  );
}

function isRefusal(error: unknown): error is Refusal {
  return (
    isErrorCode(field(error, "code")) &&
    typeof field(error, "message") === "string" &&
    typeof field(error, "retryable") === "boolean"
  );
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}
