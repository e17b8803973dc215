import { inboxName } from "../protocol/room-name.ts";
import {
  FIRST_RETRY_MS,
  GIVE_UP_MS,
  GIVE_UP_TRIES,
  MAX_RETRY_MS,
  type Notice,
  type OutboxStore,
  REST_MS,
  retryDelayMs,
  type StoredNotice,
  WAITING_PER_INBOX,
} from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";

/** Notices brought to one inbox at once. */
const BATCH = 20;
/** Inboxes visited at once: what one message may mention, and few enough to hold in memory. */
const VISITS = 24;
/** Free places from which on more visits begin: a look at what waits is a look over all of it. */
const REFILL = 6;
/** How long an inbox may take, in milliseconds: it stores its notices in a few. */
const DELIVERY_MS = 5_000;

/** What a courier needs of its room and of the platform. */
export interface CourierParts {
  readonly outbox: OutboxStore;
  /** Reaches another room by its name. */
  readonly room: (name: string) => {
    deliver(notices: readonly Notice[]): Promise<readonly Outcome[]>;
  };
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Waits for an answer so many milliseconds at most, and then throws. */
  readonly within: <T>(ms: number, answer: Promise<T>) => Promise<T>;
  /** An inbox could not be visited. */
  readonly failed: (error: unknown) => void;
  /** So many notices will never be delivered, for a reason. */
  readonly buried: (notices: number, reason: string) => void;
}

/**
 * Brings notices from a room's outbox to their inboxes. A notice leaves the outbox only when its
 * inbox has it, and an inbox takes each key once: so it arrives exactly once, whoever dies between.
 * What waits is read by recipient, so inboxes do not wait for each other, however much waits for one;
 * none is asked twice at once, and one that failed or has had too many is left alone for a time.
 */
export class Courier {
  readonly #parts: CourierParts;
  /** Inboxes that are being brought something. */
  readonly #busy = new Set<string>();
  /** Inboxes that are left alone, and until when. In storage too, so that a new life knows them. */
  #resting: Map<string, number> | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Brings what was never tried and what is due. */
  async bring(): Promise<void> {
    const { outbox, clock } = this.#parts;
    const recipients = this.#freeVisits;
    if (recipients < REFILL) return;
    const now = clock();
    const except = [...this.#busy, ...this.#restingAt(now).keys()];
    const notices = outbox.waiting({ now, except, recipients, each: BATCH });
    const visits = Map.groupBy(notices, ({ recipient }) => recipient);
    await Promise.all([...visits].map(([recipient, theirs]) => this.#visit(recipient, theirs)));
  }

  /** When {@link bring} must run next; `undefined` when nothing waits. */
  nextDue(now: number): number | undefined {
    const { outbox } = this.#parts;
    const earliest = outbox.nextDue(now, []);
    const resting = this.#restingAt(now);
    if (earliest === undefined || resting.size + this.#busy.size === 0) return earliest;
    const due = [
      outbox.nextDue(now, [...this.#busy, ...resting.keys()]) ?? Number.POSITIVE_INFINITY,
      ...resting.values(),
      // Should this life end on the way, another one goes again.
      ...(this.#busy.size > 0 ? [now + FIRST_RETRY_MS] : []),
    ];
    // With no place free, the visits that end look for the next ones.
    return Math.max(Math.min(...due), this.#freeVisits < REFILL ? now + FIRST_RETRY_MS : 0);
  }

  get #freeVisits(): number {
    return VISITS - this.#busy.size;
  }

  /** Who is left alone now. What reaches further than any rest was set before the clock was set back. */
  #restingAt(now: number): ReadonlyMap<string, number> {
    this.#resting ??= new Map(this.#parts.outbox.resting(now));
    for (const [recipient, until] of this.#resting) {
      if (until <= now || until > now + MAX_RETRY_MS) this.#resting.delete(recipient);
    }
    return this.#resting;
  }

  async #visit(recipient: string, notices: readonly StoredNotice[]): Promise<void> {
    this.#busy.add(recipient);
    try {
      this.#settle(recipient, notices, await this.#deliver(recipient, notices));
    } finally {
      this.#busy.delete(recipient);
    }
    await this.bring();
  }

  /** What became of each; nothing when the inbox could not be reached. */
  async #deliver(recipient: string, notices: readonly StoredNotice[]): Promise<readonly Outcome[]> {
    const { room, within, failed } = this.#parts;
    try {
      return await within(DELIVERY_MS, room(inboxName(recipient)).deliver(notices));
    } catch (error) {
      failed(error);
      return [];
    }
  }

  #settle(recipient: string, notices: readonly StoredNotice[], outcomes: readonly Outcome[]): void {
    const { outbox, buried } = this.#parts;
    const taken: number[] = [];
    const putOffMs: number[] = [];
    const failing: StoredNotice[] = [];
    for (const [index, notice] of notices.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) taken.push(notice.id);
      else if (outcome === undefined) failing.push(notice);
      else if (outcome.error.code === "rate_limited") {
        putOffMs.push(outcome.error.retryAfterMs ?? 0);
      } else if (outcome.error.retryable) failing.push(notice);
      else {
        outbox.bury([notice.id]);
        buried(1, outcome.error.code);
      }
    }
    outbox.remove(taken);
    if (failing.length > 0) this.#postpone(recipient, failing);
    else if (putOffMs.length > 0) this.#defer(recipient, Math.max(...putOffMs));
    else if (notices.some(({ tries }) => tries > 0)) outbox.reached(recipient);
  }

  #postpone(recipient: string, failing: readonly StoredNotice[]): void {
    const { outbox, random, clock, buried } = this.#parts;
    const now = clock();
    const tries = Math.max(...failing.map((notice) => notice.tries));
    const hopeless = failing.filter(
      (notice) => notice.tries + 1 >= GIVE_UP_TRIES && now - notice.at >= GIVE_UP_MS,
    );
    const until = now + retryDelayMs(tries, random());
    outbox.postpone(recipient, until);
    if (hopeless.length > 0) {
      outbox.bury(hopeless.map(({ id }) => id));
      buried(hopeless.length, "not delivered for a day");
    }
    this.#rest(recipient, until);
  }

  #defer(recipient: string, retryAfterMs: number): void {
    const until = this.#parts.clock() + Math.ceil(Math.max(retryAfterMs, REST_MS));
    this.#parts.outbox.defer(recipient, until);
    this.#rest(recipient, until);
  }

  #rest(recipient: string, until: number): void {
    const { outbox, buried } = this.#parts;
    this.#resting?.set(recipient, until);
    const overflow = outbox.beyond(recipient, WAITING_PER_INBOX);
    if (overflow.length === 0) return;
    outbox.bury(overflow);
    buried(overflow.length, "too many wait for one inbox");
  }
}
