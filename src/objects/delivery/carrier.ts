import type { Outcome } from "../../room/flush/outcome.ts";
import type { StoredDelivery } from "../../room/store/outbox.ts";

/** How deliveries reach the recipients of one sort: a value, one for each name that addresses may have. */
export interface Carrier {
  /** Deliveries brought to one recipient at once. */
  readonly batch: number;
  /** Recipients visited at once. */
  readonly visits: number;
  /** Deliveries that may wait for one recipient who takes none; the newest beyond that are given up. */
  readonly waiting: number;
  /** How long a recipient may take, in milliseconds. */
  readonly withinMs: number;
  /**
   * Brings deliveries to one recipient; an outcome each, in order. What is refused for good is given
   * up, what is `rate_limited` is put off and counts as no failure; throws when nobody answers.
   */
  bring(recipient: string, deliveries: readonly StoredDelivery[]): Promise<readonly Outcome[]>;
}

/** Carriers by the names that addresses have. */
export type Carriers = Readonly<Record<string, Carrier>>;
