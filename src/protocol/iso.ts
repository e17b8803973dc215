/** The frames of one flush tell the same few times, and writing one takes as long as much of the rest. */
let lastMs = Number.NaN;
let lastText = "";

/** A time as it travels: ISO 8601 in UTC, from milliseconds since the epoch. */
export function iso(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
