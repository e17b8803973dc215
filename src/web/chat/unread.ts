/** What is new in a room that one is not in now. */
export interface Unread {
  /** Messages of others, as many as were counted. */
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly isMore: boolean;
}

/** How much is new, as short as fits beside a room's name. */
export function unreadWords({ count, isMore }: Unread): string {
  if (count === 0) return "new";
  return isMore ? `${count}+` : String(count);
}
