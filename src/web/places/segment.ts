/** A name as a segment of a path. */
export function segmentOf(name: string): string {
  // A colon may stand in a path as it is (RFC 3986 §3.3), and reads better.
  return encodeURIComponent(name).replaceAll("%3A", ":");
}

/** The name in a segment of a path; empty when it cannot be read. */
export function nameInSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}
