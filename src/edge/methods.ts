import { TrieRouter } from "hono/router/trie-router";
import type { RouterRoute } from "hono/types";
import { ProtocolError } from "../protocol/error.ts";
import { listed } from "../protocol/listed.ts";
import { NOTHING_HERE } from "../protocol/refusals.ts";

/** A path that exists is asked by a method that it does not take. */
export class MethodNotAllowed extends ProtocolError {
  /** The value of `Allow` (RFC 9110 §10.2.1). */
  readonly allow: string;

  constructor(method: string, taken: readonly string[]) {
    super("method_not_allowed", `This path takes ${listed(taken, "and")}, not ${shown(method)}.`);
    this.allow = taken.join(", ");
  }
}

/** The methods that each path takes. */
export class Methods {
  readonly #router = new TrieRouter<string>();

  /** @param routes of an app; what takes any method is no route of its own. */
  constructor(routes: readonly RouterRoute[]) {
    for (const { method, path } of routes) {
      if (method !== "ALL") this.#router.add("ALL", path, method);
    }
  }

  /** What to answer a request that no route took: that there is no such path, or no such method of it. */
  refusalOf(method: string, path: string): ProtocolError {
    const taken = new Set(this.#router.match("ALL", path)[0].map(([name]) => name));
    if (taken.size === 0) return ProtocolError.of(NOTHING_HERE);
    // Hono answers HEAD wherever it answers GET.
    if (taken.has("GET")) taken.add("HEAD");
    return new MethodNotAllowed(method, [...taken].sort());
  }
}

/** A method is a stranger's word, and may be long. */
function shown(method: string): string {
  return method.slice(0, 32);
}
