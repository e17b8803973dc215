import type { User } from "../../../client/index.ts";

/** Who is writing, in words; empty when nobody is. */
export function typingWords(typists: readonly User[]): string {
  const [first, second] = typists;
  if (first === undefined) return "";
  if (second === undefined) return `${first.name} is typing…`;
  if (typists.length === 2) return `${first.name} and ${second.name} are typing…`;
  return "Several people are typing…";
}

/** The number of people present, in words. */
export function presentWords(count: number): string {
  return count === 1 ? "1 person here" : `${count} people here`;
}

/** How many notifications are unread, in words; empty when none is. */
export function unreadNoticesWords(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "1 unread notification" : `${count} unread notifications`;
}
