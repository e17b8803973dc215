const encoder = new TextEncoder();
/** Text is measured through this, piece by piece, so that no message is held twice. */
const scratch = new Uint8Array(16_384);

/** How many bytes a text takes as UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  // A character takes at most 4 bytes, so that each round reads at least one.
  for (let at = 0; at < text.length; ) {
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), scratch);
    bytes += written;
    at += read;
  }
  return bytes;
}

/** Whether a text takes more bytes than this. A UTF-16 unit takes three at most, so most need not be measured. */
export function isLongerThan(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && utf8Bytes(text) > bytes);
}
