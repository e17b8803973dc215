import type { KeptRequest } from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";
import { urlOf } from "./input.ts";

/** What says from where somebody comes and by what, and is no secret. */
const KEPT_HEADERS = ["Origin", "User-Agent", "Accept-Language", "CF-IPCountry"] as const;

/**
 * What is kept of a request for the rule to be asked again with. Beyond its bound an address is kept
 * without its query.
 */
export function keptRequest(request: Request): KeptRequest {
  const url = urlWithoutToken(request);
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null)
      headers[name.toLowerCase()] = value.slice(0, AUTHORITY_BOUNDS.keptHeaderChars);
  }
  if (url.href.length > AUTHORITY_BOUNDS.keptUrlChars) url.search = "";
  return { url: url.href, headers };
}

/** A request as a rule is shown it at the door: all of its headers, no body, and no token in its address. */
export function shownRequest(request: Request): Request {
  const { method, headers } = request;
  return new Request(urlWithoutToken(request), { method, headers });
}

function urlWithoutToken(request: Request): URL {
  const url = new URL(urlOf(request));
  url.searchParams.delete("token");
  return url;
}
