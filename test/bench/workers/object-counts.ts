/** What is counted of the objects of one class. */
export const COUNTED = [
  "constructed",
  /** Those of them that an alarm woke. */
  "constructedByAlarm",
  "fetched",
  /** Methods called by RPC. */
  "called",
  "messages",
  "closes",
  "errors",
  "alarms",
  "alarmsSet",
  "rowsRead",
  "rowsWritten",
  /** Milliseconds that handlers waited for something: the clock of a Worker stands while it works. */
  "waitedMs",
] as const;

/** The counts, by what they count. */
export type ObjectCounts = Readonly<Record<(typeof COUNTED)[number], number>>;

/** The same of each class. */
export interface Counts {
  readonly room: ObjectCounts;
  readonly document: ObjectCounts;
  /** All shards of the metrics together. */
  readonly metrics: ObjectCounts;
}

/** Each count of two, put together. */
export function combine(
  a: ObjectCounts,
  b: ObjectCounts,
  together: (a: number, b: number) => number,
): ObjectCounts {
  const entries = COUNTED.map((key) => [key, together(a[key], b[key])] as const);
  // Made of all the keys, right above.
  return Object.fromEntries(entries) as ObjectCounts;
}
