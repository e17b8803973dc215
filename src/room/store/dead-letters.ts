import type { Address } from "./outbox.ts";

/** The carrier of timers, whose rules a room runs itself: the recipient is the timer's name. */
export const TIMER_CARRIER = "timer";

/** Something that was given up: nobody took it for too long, or it was refused for good. */
export interface DeadLetter {
  readonly to: Address;
  /** `seq` of the event it is about; of what is about none, the log's head when it was made. */
  readonly source: number;
  /** Names it at its recipient, when it is sent again too. */
  readonly key: string;
  /** What was to be brought, as JSON. */
  readonly body: unknown;
  /** Why it was given up, for an operator. */
  readonly reason: string;
  /** When it was stored first, milliseconds since the epoch. */
  readonly at: number;
}

/** A {@link DeadLetter} in storage. */
export interface StoredDeadLetter extends DeadLetter {
  readonly id: number;
  /** When it was given up, milliseconds since the epoch; 0 when an earlier release did. */
  readonly givenUpAt: number;
}

/** Which dead letters are asked for: the newest, or the newest before an id. */
export interface DeadLetterQuery {
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What was given up, kept until somebody sends it again; the oldest goes when there is too much. */
export interface DeadLetterStore {
  /** Keeps one; how many others had to go. */
  add(letter: DeadLetter, now: number): number;
  /** The newest first, before an id where one is given. */
  page(limit: number, before?: number): readonly StoredDeadLetter[];
  readonly count: number;
  /** One by its id, or `undefined`. */
  find(id: number): StoredDeadLetter | undefined;
  remove(id: number): void;
}
