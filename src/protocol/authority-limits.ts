/** Bounds on `authorize` and on what it answers, each with its reason; in the units of `BOUNDS` (limits.ts). */
export const AUTHORITY_BOUNDS = {
  /** What `authorize` says of a person: it is kept with each of their sockets, which keep 16 KiB in all. */
  memberBytes: 2 * 1024,
  /** The shortest and the longest time that `authorize` answers for: its work is done so often at most. */
  authorizedMinMs: 30_000,
  authorizedMaxMs: 86_400_000,
  /** How long `authorize` may take: people wait for it at the door. */
  authorizeMs: 5_000,
  /** How long an old answer stands once more while `authorize` fails, and how often it is asked meanwhile. */
  graceMs: 600_000,
  askAgainMs: 10_000,
  /**
   * How far the clocks of an edge and a room may be apart: as long after a nudge, what an edge was told
   * counts as told before it, and is asked again. Cloudflare's differ by much less.
   */
  clocksApartMs: 30_000,
  /** Asked at once by one room, of those inside: a nudge in a room of thousands must not flood what answers. */
  asksAtOnce: 16,
  /**
   * Answers that one isolate remembers for requests and polls, 3 KiB each at most, and for how long: a
   * change is heeded by then. A refusal may have been a slip that is mended at once.
   */
  answersKept: 2_000,
  answerKeptMs: 60_000,
  refusalKeptMs: 2_000,
  /** What is kept of a person's request for later: with each socket, like {@link memberBytes}. */
  keptUrlChars: 1_024,
  keptHeaderChars: 256,
} as const;
