import type { Env } from "./env.ts";

/**
 * A file of our own pages; `undefined` where there is none, or no pages at all, as on bare workerd.
 *
 * @param binding the static assets that have the pages.
 */
export async function pageAsset(
  env: Env,
  binding: string,
  url: URL,
): Promise<Response | undefined> {
  const assets: unknown = Reflect.get(env, binding);
  const response = isFetcher(assets) ? await assets.fetch(url) : undefined;
  // A fresh copy, for headers cannot be added to what the binding answers.
  return response === undefined || response.status === 404
    ? undefined
    : new Response(response.body, response);
}

function isFetcher(binding: unknown): binding is Pick<Fetcher, "fetch"> {
  return typeof binding === "object" && binding !== null && "fetch" in binding;
}
