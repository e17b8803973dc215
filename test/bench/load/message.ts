/**
 * What is sent: a marker, the message's number in fixed width, and filling up to the wanted size.
 * Readers find messages by the marker alone, whatever envelope a server puts around them, so
 * nothing is decoded.
 */
const MARKER = "#hb:";
/** How wide a message's number is written. */
export const NUMBER_DIGITS = 8;
const ZERO = 0x30;

/** How copies are found: by the marker, and by what stands right before it where that is to count. */
export function copyMarker(before = ""): Buffer {
  return Buffer.from(before + MARKER);
}

const ANY_COPY = copyMarker();

/** A message's content: `bytes` of ASCII that carry its number. */
export function contentOf(id: number, bytes: number): string {
  return `${MARKER}${String(id).padStart(NUMBER_DIGITS, "0")}`.padEnd(bytes, ".");
}

/**
 * Appends the number of every message between two offsets of `bytes` to `found`.
 *
 * @param marker as {@link copyMarker} makes it; every copy counts when absent.
 */
export function findMessages(
  bytes: Buffer,
  from: number,
  to: number,
  found: number[],
  marker = ANY_COPY,
): void {
  let at = bytes.indexOf(marker, from);
  while (at !== -1 && at < to) {
    found.push(numberAt(bytes, at + marker.length));
    at = bytes.indexOf(marker, at + marker.length + NUMBER_DIGITS);
  }
}

/** The fixed-width number at an offset. */
export function numberAt(bytes: Buffer, at: number): number {
  let number = 0;
  for (let index = at; index < at + NUMBER_DIGITS; index++) {
    number = number * 10 + ((bytes[index] ?? ZERO) - ZERO);
  }
  return number;
}

/** An idempotency key with the size of a UUID that ends in the message's number. */
export function messageIdOf(id: number): string {
  return `${MESSAGE_ID_PREFIX}${String(id).padStart(NUMBER_DIGITS, "0")}`;
}

/** What every {@link messageIdOf} begins with. */
export const MESSAGE_ID_PREFIX = "0b5e55ed-0000-4000-8000-0000";
