/** The number of people present, in words. */
export function presentWords(count: number): string {
  return count === 1 ? "1 person here" : `${count} people here`;
}

/** How many notifications are unread, in words; empty when none is. */
export function unreadNoticesWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "1 unread notification" : `${count} unread notifications`;
}
