/**
 * A random UUID (RFC 9562 §5.4). Made by hand where `crypto.randomUUID` is missing: browsers keep
 * it from pages that are served over plain HTTP.
 */
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return uuidFrom(crypto.getRandomValues(new Uint8Array(16)));
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
