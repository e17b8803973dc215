import * as z from "zod";
import { isGrantPattern } from "./grant-pattern.ts";
import { BOUNDS } from "./limits.ts";
import { isOriginPattern } from "./origin-pattern.ts";

/** A comma list of secrets. `problemOf` says what is wrong with it, without a word of what is in it. */
export function secretList(problemOf: (items: readonly string[]) => string | undefined) {
  return z
    .string()
    .transform((text, context): readonly string[] => {
      const items = text.split(",");
      const problem = problemOf(items);
      if (problem !== undefined) context.addIssue(problem);
      return items;
    })
    .default([]);
}

/** A comma list of origins, or `*`; what is no origin would silently never match. */
export function parseOrigins(
  list: string,
  context: z.RefinementCtx,
): readonly string[] | undefined {
  const origins = list
    .split(",")
    .map((origin) => origin.trim().replace(/\/$/, ""))
    .filter((origin) => origin !== "");
  if (origins.length === 1 && origins[0] === "*") return undefined;
  if (origins.length === 0 || !origins.every(isOriginPattern)) {
    context.addIssue(
      "must be * or a comma list of origins as browsers write them: https://app.example, https://*.app.example, capacitor://localhost, null",
    );
  }
  return origins;
}

/** Grants of a guest: topics are only read, and inboxes are their owners', whatever is listed. */
export function parseGuestRooms(list: string, context: z.RefinementCtx): readonly string[] {
  const patterns = list.split(",").map((pattern) => pattern.trim());
  if (!patterns.every((pattern) => isGrantPattern(pattern) && !/^(?:user|topic):/.test(pattern))) {
    context.addIssue(
      "must be a comma list of names, or of prefixes and *, of chat rooms, documents and games",
    );
  }
  if (patterns.length > BOUNDS.guestRooms) {
    context.addIssue(`must list at most ${BOUNDS.guestRooms}`);
  }
  return patterns;
}

/** Over plain http anybody on the way could put keys of their own in. */
export function isKeySetUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  // `fetch` takes no address with a password in it.
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && LOCAL_HOSTS.has(hostname));
}

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);
