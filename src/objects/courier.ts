import { inboxName } from "../protocol/room-name.ts";
import { type Notice, type OutboxStore, retryDelayMs, type StoredNotice } from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";
import { within } from "./deadline.ts";

/** Notices taken out at once. */
const BATCH = 100;
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
  /** A notice that its inbox will never take, or that could not be brought: an error or a code. */
  readonly failed: (error: unknown) => void;
}

/**
 * Brings notices from a room's outbox to their inboxes. A notice leaves the outbox only when its
 * inbox has it, and an inbox takes each key once: so it arrives exactly once, whoever dies between.
 * Inboxes do not wait for each other, and none is asked twice at once.
 */
export class Courier {
  readonly #parts: CourierParts;
  /** Inboxes that are being brought something. */
  readonly #busy = new Set<string>();
  /** Inboxes for which there was more while they were busy. */
  readonly #more = new Set<string>();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Brings what was never tried, right after it was stored. */
  bringNew(): Promise<void> {
    return this.#run(() => this.#parts.outbox.untried(BATCH));
  }

  /** Brings what is due by now. */
  bringDue(): Promise<void> {
    return this.#run(() => this.#parts.outbox.due(this.#parts.clock(), BATCH));
  }

  async #run(read: () => readonly StoredNotice[]): Promise<void> {
    for (;;) {
      const notices = read();
      const delivered = await Promise.all(
        [...Map.groupBy(notices, ({ recipient }) => recipient)].map(([recipient, theirs]) =>
          this.#visit(recipient, theirs),
        ),
      );
      // What failed may be read again at once: only progress earns another look.
      if (notices.length < BATCH || !delivered.includes(true)) return;
    }
  }

  /** Brings one inbox its notices, unless somebody is on the way there; true when it took them all. */
  async #visit(recipient: string, notices: readonly StoredNotice[]): Promise<boolean> {
    if (this.#busy.has(recipient)) {
      this.#more.add(recipient);
      return false;
    }
    this.#busy.add(recipient);
    try {
      return await this.#bring(recipient, notices);
    } finally {
      this.#busy.delete(recipient);
      if (this.#more.delete(recipient)) await this.bringNew();
    }
  }

  async #bring(recipient: string, notices: readonly StoredNotice[]): Promise<boolean> {
    const { outbox, random, clock, failed } = this.#parts;
    const outcomes = await this.#deliver(recipient, notices);
    const settled: number[] = [];
    let postponed = 0;
    for (const [index, { id, tries }] of notices.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined || (!outcome.ok && outcome.error.retryable)) {
        outbox.postpone(id, clock() + retryDelayMs(tries, random()));
        postponed += 1;
      } else {
        if (!outcome.ok) failed(outcome.error.code);
        settled.push(id);
      }
    }
    outbox.remove(settled);
    return postponed === 0;
  }

  /** What became of each; nothing when the inbox could not be reached. */
  async #deliver(recipient: string, notices: readonly StoredNotice[]): Promise<readonly Outcome[]> {
    const { room, failed } = this.#parts;
    try {
      return await within(DELIVERY_MS, room(inboxName(recipient)).deliver(notices));
    } catch (error) {
      failed(error);
      return [];
    }
  }
}
