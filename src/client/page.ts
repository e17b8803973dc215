import type { Json } from "../protocol/json.ts";
import type { NotificationPage } from "../protocol/notification.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import type { Address, NotificationQuery, PageQuery } from "./address.ts";
import type { Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { type Answer, ask, type Question, refusalIn } from "./http.ts";
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
 * Asks for something, by what is asked with a token. A refused token is renewed once, if it can be.
 *
 * @throws {RealtimeError} the server's refusal, `unreachable`, `timeout`, or `unauthorized` when the
 * token function fails.
 */
export async function fetchAnswered<Page>(
  environment: Environment,
  tokens: TokenSource,
  questionFor: (token: string) => Omit<Question, "token" | "withinMs">,
  isPage: (body: unknown) => body is Page,
): Promise<Page> {
  const askAs = (token: string) =>
    ask(environment, { ...questionFor(token), token, withinMs: ANSWER_MS });
  const token = await granted(tokens.get());
  const answer = await askAs(token);
  if (answer.status !== 401 || !tokens.renewable) return read(answer, isPage);
  const renewed = await granted(tokens.replace(token));
  return read(renewed === token ? answer : await askAs(renewed), isPage);
}

/** A page, from where it is for a token. */
function fetchPage<Page>(
  environment: Environment,
  tokens: TokenSource,
  urlFor: (token: string) => string,
  isPage: (body: unknown) => body is Page,
): Promise<Page> {
  return fetchAnswered(environment, tokens, (token) => ({ url: urlFor(token) }), isPage);
}

async function granted(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch {
    throw RealtimeError.invalid("unauthorized", "The token function failed.");
  }
}

function read<Page>({ status, body }: Answer, isPage: (body: unknown) => body is Page): Page {
  if (status >= 200 && status < 300 && isPage(body)) return body;
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
