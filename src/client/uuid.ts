/**
 * A random UUID (RFC 9562 §5.4). Made by hand, for `crypto.randomUUID` may be missing: browsers keep
 * it from pages that are served over plain HTTP, and React Native has no `crypto` at all. A
 * messageId must not repeat; it need not be hard to guess.
 */
export function uuid(): string {
  const { crypto }: { readonly crypto?: Partial<Crypto> } = globalThis;
  const bytes = new Uint8Array(16);
  return uuidFrom(crypto?.getRandomValues?.(bytes) ?? bytes.map(() => Math.random() * 256));
}

/** The version 4 UUID made of 16 random bytes. */
export function uuidFrom(random: Uint8Array): string {
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // The version, and one of the four digits that tell the variant.
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");
}
