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
  const hex = [...random]
    .map((byte, index) => {
      if (index === 6) return (byte & 0x0f) | 0x40;
      return index === 8 ? (byte & 0x3f) | 0x80 : byte;
    })
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
