import type { KindName, LogKind } from "./room-name.ts";

const KIND_BY_PREFIX: ReadonlyMap<string, KindName> = new Map([
  ["user", "inbox"],
  ["topic", "topic"],
  ["document", "document"],
  ["game", "game"],
]);

/** Prefixes that pick a kind. */
export function kindPrefixes(): Iterable<string> {
  return KIND_BY_PREFIX.keys();
}

/** The kind that a valid name's prefix picks; anything without a known prefix is a chat. */
export function roomKind(name: string): KindName {
  const colon = name.indexOf(":");
  return KIND_BY_PREFIX.get(name.slice(0, Math.max(colon, 0))) ?? "chat";
}

/** Whether a kind is one of {@link LogKind}. */
export function isLogKind(kind: KindName): kind is LogKind {
  return kind === "chat" || kind === "inbox" || kind === "topic";
}
