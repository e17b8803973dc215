import { BOUNDS } from "./limits.ts";
import { utf8Bytes } from "./utf8.ts";

/**
 * What is wrong with a comma list of secrets, never with a word of them; `undefined` when nothing
 * is. Short ones can be guessed from a single token (RFC 7518 §3.2 wants as many bits as the hash
 * has); a blank is what a copied line brings along, and would never match again.
 */
export function secretsProblem(secrets: readonly string[]): string | undefined {
  const least = BOUNDS.secretBytesMin;
  if (secrets.some((secret) => secret === "")) return "has an empty item in its comma list";
  if (secrets.some((secret) => /\s/u.test(secret))) return "must have no blanks";
  if (secrets.some((secret) => utf8Bytes(secret) < least)) {
    return `must have at least ${least} bytes, as \`openssl rand -base64 48\` makes`;
  }
  if (new Set(secrets).size < secrets.length) return "has the same item twice in its comma list";
  if (secrets.length > BOUNDS.secrets) return `must be a list of at most ${BOUNDS.secrets}`;
  return undefined;
}

/**
 * The same of keys that travel in a header: one of other characters could never be presented.
 */
export function headerSecretsProblem(secrets: readonly string[]): string | undefined {
  const problem = secretsProblem(secrets);
  if (problem !== undefined) return problem;
  return secrets.every((secret) => /^[\x21-\x7e]+$/.test(secret))
    ? undefined
    : "must be ASCII: it travels in a header";
}
