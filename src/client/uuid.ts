/**
 * A random UUID (RFC 9562 §5.4). Made by hand where `crypto.randomUUID` is missing: browsers keep
 * it from pages that are served over plain HTTP, and React Native has no `crypto` at all. A
 * messageId must not repeat; it need not be hard to guess.
 */
export function uuid(): string {
  const source: Partial<Crypto> | undefined = globalThis.crypto;
  if (typeof source?.randomUUID === "function") return source.randomUUID();
  const bytes = new Uint8Array(16);
  return uuidFrom(source?.getRandomValues?.(bytes) ?? bytes.map(() => Math.random() * 256));
}

/** The version 4 UUID made of 16 random bytes. */
export function uuidFrom(random: Uint8Array): string {
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // The version, and one of the four digits that tell the variant.
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}
