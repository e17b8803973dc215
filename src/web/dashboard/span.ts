/** How much of the past the charts show. */
export interface Span {
  readonly seconds: number;
  /** As in "the last minute". */
  readonly words: string;
}

const FIVE_MINUTES: Span = { seconds: 300, words: "last 5 minutes" };

/** The spans on offer. */
export const SPANS: readonly Span[] = [
  { seconds: 60, words: "last minute" },
  FIVE_MINUTES,
  { seconds: 900, words: "last 15 minutes" },
];

/** The span of so many seconds. */
export function spanOf(seconds: number): Span {
  return SPANS.find((span) => span.seconds === seconds) ?? FIVE_MINUTES;
}
