import type { Outcome } from "../../room/flush/outcome.ts";
import {
  type CarrierQueue,
  FIRST_RETRY_MS,
  GIVE_UP_MS,
  GIVE_UP_TRIES,
  MAX_RETRY_MS,
  REST_MS,
  retryDelayMs,
  type StoredDelivery,
} from "../../room/store/outbox.ts";
import type { Carrier } from "./carrier.ts";

/** Share of the visits that must be free before more begin: a look at what waits is a look over all of it. */
const REFILL = 1 / 4;

/** What a courier needs of its room and of the platform. */
export interface CourierParts {
  readonly queue: CarrierQueue;
  readonly carrier: Carrier;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Waits for an answer so many milliseconds at most, and then throws. */
  readonly within: <T>(ms: number, answer: Promise<T>) => Promise<T>;
  /** A recipient could not be visited, or what waits could not be read or written. */
  readonly failed: (error: unknown) => void;
  /** So many deliveries were given up, for a reason; and so many dead letters had to go for them. */
  readonly buried: (deliveries: number, reason: string, dropped: number) => void;
}

/**
 * Brings what waits for one carrier to its recipients. A delivery leaves the outbox only when its
 * recipient has it, and a recipient takes each key once: so it arrives exactly once, whoever dies
 * between. What waits is read by recipient, so recipients do not wait for each other, however much
 * waits for one; none is asked twice at once, and one that failed or has had too many is left alone
 * for a time.
 */
export class Courier {
  readonly #parts: CourierParts;
  /** Recipients who are being brought something. */
  readonly #busy = new Set<string>();
  /** Recipients who are left alone, and until when. In storage too, so that a new life knows them. */
  #resting: Map<string, number> | undefined;
  /** What {@link dueAt} says; `undefined` once that has to be looked up anew. */
  #due: { readonly at: number | undefined } | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /**
   * Brings what was never tried and what is due.
   *
   * @throws what the queue throws; what was on its way is brought again then.
   */
  async bring(): Promise<void> {
    const { queue, carrier, clock } = this.#parts;
    this.#due = undefined;
    const recipients = this.#freeVisits;
    if (recipients < carrier.visits * REFILL) return;
    const now = clock();
    const except = [...this.#busy, ...this.#restingAt(now).keys()];
    const waiting = queue.waiting({ now, except, recipients, each: carrier.batch });
    const visits = Map.groupBy(waiting, ({ to }) => to.recipient);
    await Promise.all([...visits].map(([recipient, theirs]) => this.#visit(recipient, theirs)));
  }

  /** Says that the outbox was added to. */
  added(): void {
    this.#due = undefined;
  }

  /** Has a recipient visited again at once, however often that failed before. */
  retry(recipient: string): void {
    this.#parts.queue.reached(recipient);
    this.#resting?.delete(recipient);
    this.#due = undefined;
  }

  /** When {@link bring} must run next; looked up only when something has changed. */
  get dueAt(): number | undefined {
    this.#due ??= { at: this.nextDue(this.#parts.clock()) };
    return this.#due.at;
  }

  /** When {@link bring} must run next; `undefined` when nothing waits. */
  nextDue(now: number): number | undefined {
    const { queue, carrier } = this.#parts;
    const earliest = queue.nextDue(now, []);
    const resting = this.#restingAt(now);
    if (earliest === undefined || resting.size + this.#busy.size === 0) return earliest;
    const due = [
      queue.nextDue(now, [...this.#busy, ...resting.keys()]) ?? Number.POSITIVE_INFINITY,
      ...resting.values(),
      // Should this life end on the way, another one goes again.
      ...(this.#busy.size > 0 ? [now + FIRST_RETRY_MS] : []),
    ];
    // With no place free, the visits that end look for the next ones.
    return Math.max(
      Math.min(...due),
      this.#freeVisits < carrier.visits * REFILL ? now + FIRST_RETRY_MS : 0,
    );
  }

  get #freeVisits(): number {
    return this.#parts.carrier.visits - this.#busy.size;
  }

  /** Who is left alone now. What reaches further than any rest was set before the clock was set back. */
  #restingAt(now: number): ReadonlyMap<string, number> {
    this.#resting ??= new Map(this.#parts.queue.resting(now));
    for (const [recipient, until] of this.#resting) {
      if (until <= now || until > now + MAX_RETRY_MS) this.#resting.delete(recipient);
    }
    return this.#resting;
  }

  async #visit(recipient: string, deliveries: readonly StoredDelivery[]): Promise<void> {
    this.#busy.add(recipient);
    try {
      this.#settle(recipient, deliveries, await this.#deliver(recipient, deliveries));
    } finally {
      this.#busy.delete(recipient);
      this.#due = undefined;
    }
    await this.bring();
  }

  /** What became of each; nothing when the recipient could not be reached. */
  async #deliver(
    recipient: string,
    deliveries: readonly StoredDelivery[],
  ): Promise<readonly Outcome[]> {
    const { carrier, within, failed } = this.#parts;
    try {
      return await within(carrier.withinMs, carrier.bring(recipient, deliveries));
    } catch (error) {
      failed(error);
      return [];
    }
  }

  #settle(
    recipient: string,
    deliveries: readonly StoredDelivery[],
    outcomes: readonly Outcome[],
  ): void {
    const { queue } = this.#parts;
    const taken: number[] = [];
    const putOffMs: number[] = [];
    const failing: StoredDelivery[] = [];
    const refused = new Map<string, number[]>();
    for (const [index, delivery] of deliveries.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) taken.push(delivery.id);
      else if (outcome === undefined) failing.push(delivery);
      else if (outcome.error.code === "rate_limited") {
        putOffMs.push(outcome.error.retryAfterMs ?? 0);
      } else if (outcome.error.retryable) failing.push(delivery);
      else
        refused.set(outcome.error.code, [...(refused.get(outcome.error.code) ?? []), delivery.id]);
    }
    queue.remove(taken);
    // Together: each burial looks at all that waits and at all that was given up.
    for (const [code, ids] of refused) this.#bury(ids, code);
    if (failing.length > 0) this.#postpone(recipient, failing);
    else if (putOffMs.length > 0) this.#defer(recipient, Math.max(...putOffMs));
    else if (deliveries.some(({ tries }) => tries > 0)) queue.reached(recipient);
  }

  #postpone(recipient: string, failing: readonly StoredDelivery[]): void {
    const { queue, random, clock } = this.#parts;
    const now = clock();
    const tries = Math.max(...failing.map((delivery) => delivery.tries));
    const hopeless = failing.filter(
      (delivery) => delivery.tries + 1 >= GIVE_UP_TRIES && now - delivery.at >= GIVE_UP_MS,
    );
    const until = now + retryDelayMs(tries, random());
    queue.postpone(recipient, until);
    this.#bury(
      hopeless.map(({ id }) => id),
      "not delivered for a day",
    );
    this.#rest(recipient, until);
  }

  #defer(recipient: string, retryAfterMs: number): void {
    const until = this.#parts.clock() + Math.ceil(Math.max(retryAfterMs, REST_MS));
    this.#parts.queue.defer(recipient, until);
    this.#rest(recipient, until);
  }

  #rest(recipient: string, until: number): void {
    const { queue, carrier } = this.#parts;
    this.#resting?.set(recipient, until);
    const overflow = queue.beyond(recipient, carrier.waiting);
    this.#bury(overflow, "too many wait for one recipient");
  }

  #bury(ids: readonly number[], reason: string): void {
    if (ids.length === 0) return;
    const { queue, clock, buried } = this.#parts;
    buried(ids.length, reason, queue.bury(ids, reason, clock()));
  }
}
