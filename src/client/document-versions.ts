import type { Address, Query } from "./address.ts";
import type { Environment, HttpRequest } from "./environment.ts";
import { loadPages } from "./page-loader.ts";
import type { TokenSource } from "./token-source.ts";

/** Which versions are wanted: the newest `limit`, or those before one. */
export interface VersionQuery {
  readonly before?: number | undefined;
  /** 1 to 100; 50 when absent. */
  readonly limit?: number | undefined;
}

/** Whose versions, and what they are asked for with. */
interface VersionSource {
  readonly document: string;
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly address: Address;
}

/** Asks for something of a document's versions (P17.15, P17.16); rejects as pages do. */
export async function askVersions<Answer>(
  { document, environment, tokens, address }: VersionSource,
  method: HttpRequest["method"],
  path: string,
  body?: object,
  query?: Query,
): Promise<Answer> {
  const url = address.http(`documents/${encodeURIComponent(document)}/versions${path}`, query);
  const { fetchAnswered } = await loadPages();
  const isAnswer = (answer: unknown): answer is Answer =>
    typeof answer === "object" && answer !== null;
  const question = body === undefined ? { method, url } : { method, url, body };
  return fetchAnswered(environment, tokens, () => question, isAnswer);
}
