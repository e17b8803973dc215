/** Schemes of URLs that are no page's origin: naming one in a list would silently never match. */
const NO_ORIGIN = new Set(["about", "blob", "data", "file", "ftp", "javascript", "ws", "wss"]);

const WILDCARD = "*.";

/**
 * Whether text is an origin as a browser writes it (RFC 6454 §6.2), or one with `*` as the first
 * label of its host, or `null`, which sandboxed frames and files send. Anything else could never
 * match: a path, upper case, a port that is the scheme's own.
 */
export function isOriginPattern(text: string): boolean {
  if (text === "null") return true;
  const [, scheme = "", host = ""] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\\\s]+)$/.exec(text) ?? [];
  if (host === "" || NO_ORIGIN.has(scheme)) return false;
  const bare = host.startsWith(WILDCARD) ? `x${host.slice(1)}` : host;
  if (bare.includes("*")) return false;
  const example = `${scheme}://${bare}`;
  if (!URL.canParse(example)) return false;
  // What a browser does not know as a web scheme (capacitor, tauri) has an opaque origin by the
  // URL standard, and is sent as it is written.
  return scheme === "http" || scheme === "https" ? new URL(example).origin === example : true;
}

/** Whether an `Origin` header is on a list of patterns; `*` stands for exactly one label. */
export function allowsOrigin(patterns: readonly string[], origin: string): boolean {
  return patterns.some((pattern) => pattern === origin || matches(pattern, origin));
}

function matches(pattern: string, origin: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return false;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  if (!origin.startsWith(head) || !origin.endsWith(tail)) return false;
  return /^[A-Za-z0-9_-]+$/.test(origin.slice(head.length, origin.length - tail.length));
}
