import type { Json } from "../protocol/json.ts";
import type { NotificationPage } from "../protocol/notification.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import type { Address, NotificationQuery, PageQuery } from "./address.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { type Answer, ask, refusalIn } from "./http.ts";
import { messagesUrl, notificationsUrl, roomUrl } from "./http-url.ts";
import { isMessagePage, isNotificationPage } from "./page-shape.ts";
import type { TokenSource } from "./token-source.ts";

/** How long a page may take, in milliseconds. */
const ANSWER_MS = 15_000;

/** What a page is fetched with. */
interface PageSource {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly address: Address;
}

/**
 * Fetches a page, from where it is for a token. A refused token is renewed once, if it can be.
 *
 * @throws {RealtimeError} the server's refusal, `unreachable`, `timeout`, or `unauthorized` when the
 * token function fails.
 */
async function fetchPage<Page>(
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

async function granted(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch {
    throw RealtimeError.invalid("unauthorized", "The token function failed.");
  }
}

function get(environment: Environment, url: string, token: string): Promise<Answer> {
  return ask(environment, { url, token, withinMs: ANSWER_MS });
}

function read<Page>({ status, body }: Answer, isPage: (body: unknown) => body is Page): Page {
  if (status === 200 && isPage(body)) return body;
  const refused = refusalIn(body);
  if (refused !== undefined) throw RealtimeError.refused(refused);
  throw RealtimeError.local("unreachable", `The answer (${status}) is not Hibiki's.`);
}

/** A page of a room's history; see {@link fetchPage}. */
export function fetchMessages(
  { environment, tokens, address }: PageSource,
  room: string,
  query: PageQuery,
): Promise<MessagePage> {
  const url = messagesUrl(address, room, query);
  return fetchPage(environment, tokens, () => url, isMessagePage);
}

/** What a room answers to a query; see {@link fetchPage}. */
export function fetchAnswer(
  { environment, tokens, address, name: nameOf }: PageSource & { name(token: string): string },
  { name, input }: { readonly name: string; readonly input: Json },
): Promise<unknown> {
  const query = { input: JSON.stringify(input) };
  const path = `query/${encodeURIComponent(name)}`;
  const url = (token: string) => roomUrl(address, nameOf(token), path, query);
  const isAnswer = (body: unknown): body is unknown => body !== undefined;
  return fetchPage(environment, tokens, url, isAnswer);
}

/** A page of the inbox of whoever a token says; see {@link fetchPage}. */
export function fetchNotifications(
  { environment, tokens, address }: PageSource,
  ownerOf: (token: string) => string,
  query: NotificationQuery,
): Promise<NotificationPage> {
  const urlFor = (token: string) => notificationsUrl(address, ownerOf(token), query);
  return fetchPage(environment, tokens, urlFor, isNotificationPage);
}
