/** What names of inboxes begin with; by itself, for the SDK is weighed by the byte. */
export const INBOX_PREFIX = "user";

/** What names of topics begin with. */
export const TOPIC_PREFIX = "topic";

/** What names of documents begin with. */
export const DOCUMENT_PREFIX = "document";

/** What names of games begin with. */
export const GAME_PREFIX = "game";

/**
 * The kinds of room that have names of their own, and what those begin with before the colon (P1.5).
 * This is the one place where a kind is tied to its names, and whoever else must know asks here.
 */
const PREFIXES = {
  inbox: INBOX_PREFIX,
  topic: TOPIC_PREFIX,
  document: DOCUMENT_PREFIX,
  game: GAME_PREFIX,
} as const;

/** The kind of every name that no prefix claims. */
const UNPREFIXED = "chat";

/** What a room is for. */
export type KindName = keyof typeof PREFIXES | typeof UNPREFIXED;

/** What names of a kind's rooms begin with, before the colon; empty for the kind of all other names. */
export function prefixOf(kind: KindName): string {
  return kind === UNPREFIXED ? "" : PREFIXES[kind];
}

/** Prefixes that pick a kind. */
export function kindPrefixes(): Iterable<string> {
  return Object.values(PREFIXES);
}

/** Names of kinds. */
export function kindNames(): Iterable<KindName> {
  return [UNPREFIXED, ...prefixedKinds()];
}

/** The kind that a valid name's prefix picks. */
export function roomKind(name: string): KindName {
  const colon = name.indexOf(":");
  const prefix = name.slice(0, Math.max(colon, 0));
  return prefixedKinds().find((kind) => PREFIXES[kind] === prefix) ?? UNPREFIXED;
}

function prefixedKinds(): (keyof typeof PREFIXES)[] {
  return Object.keys(PREFIXES) as (keyof typeof PREFIXES)[];
}
