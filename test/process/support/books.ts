/** What somebody sent under which messageId, and what the server said of it. */
export interface Books {
  readonly userId: string;
  /** Everything sent, by messageId. */
  readonly operations: ReadonlyMap<string, unknown>;
  /** The `savedId` of each messageId, as first answered. */
  readonly acked: ReadonlyMap<string, number>;
  /** Codes of refusals that nothing came after, by messageId. */
  readonly refused: ReadonlyMap<string, string>;
  /** Which messageId each message was seen under, by seq. */
  readonly seen: ReadonlyMap<number, string>;
  /** What broke a promise by itself. */
  readonly faults: readonly string[];
}
