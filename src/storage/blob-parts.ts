import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";

/** Bytes in parts that fit a row each; at least one. */
export function partsOf(bytes: Uint8Array): readonly ArrayBuffer[] {
  const { partBytes } = EDITOR_BOUNDS;
  const count = Math.max(1, Math.ceil(bytes.byteLength / partBytes));
  return Array.from({ length: count }, (_, at) =>
    bufferOf(bytes.subarray(at * partBytes, (at + 1) * partBytes)),
  );
}

/** Bytes as a statement takes them: a buffer of their own. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

/** What was cut by {@link partsOf}. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
