/** A time as it travels: ISO 8601 in UTC, from milliseconds since the epoch. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
