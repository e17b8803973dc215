const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

const DAY_MS = 86_400_000;

/** The time of day of an ISO 8601 timestamp, as the reader's language writes it. */
export function timeOfDay(timestamp: string): string {
  return clock.format(new Date(timestamp));
}

/** The whole moment, for a reader who asks. */
export function fullMoment(timestamp: string): string {
  return full.format(new Date(timestamp));
}

/** The day, by the nearest name it has. */
export function dayName(timestamp: string, now: Date): string {
  const date = new Date(timestamp);
  if (date.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getTime() - DAY_MS);
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date);
}

/** The time of day, and the day before it unless that is today. */
export function shortMoment(timestamp: string, now: Date): string {
  const date = dayName(timestamp, now);
  return date === "Today" ? timeOfDay(timestamp) : `${date}, ${timeOfDay(timestamp)}`;
}
