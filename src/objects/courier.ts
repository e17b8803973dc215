import { inboxName } from "../protocol/room-name.ts";
import { type OutboxStore, retryDelayMs, type StoredNotice } from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";
import type { RoomApi } from "./room-api.ts";

/** Notices taken out at once. */
const BATCH = 100;

/** What a courier needs of its room and of the platform. */
export interface CourierParts {
  readonly outbox: OutboxStore;
  /** Reaches another room by its name. */
  readonly room: (name: string) => Pick<RoomApi, "deliver">;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** A notice that its inbox will never take, or that could not be brought. */
  readonly failed: (message: string) => void;
}

/**
 * Brings notices from a room's outbox to their inboxes. A notice leaves the outbox only when its
 * inbox has it, and an inbox takes each key once: so it arrives exactly once, whoever dies between.
 */
export class Courier {
  readonly #parts: CourierParts;
  #running = false;
  #again: number | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Brings what is due by a time; one run at once, a further call makes it run again. */
  async run(dueBy: number, now: number): Promise<void> {
    if (this.#running) {
      this.#again = Math.max(this.#again ?? 0, dueBy);
      return;
    }
    this.#running = true;
    try {
      for (let by: number | undefined = dueBy; by !== undefined; by = this.#takeAgain()) {
        await this.#round(by, now);
      }
    } finally {
      this.#running = false;
    }
  }

  async #round(dueBy: number, now: number): Promise<void> {
    const { outbox } = this.#parts;
    for (;;) {
      const notices = outbox.due(dueBy, BATCH);
      const delivered = await Promise.all(
        [...Map.groupBy(notices, ({ recipient }) => recipient)].map(([recipient, theirs]) =>
          this.#bring(recipient, theirs, now),
        ),
      );
      // What failed is due again, perhaps by the same time: only progress earns another look.
      if (notices.length < BATCH || !delivered.includes(true)) return;
    }
  }

  /** Brings one inbox its notices; true when it took them all. */
  async #bring(recipient: string, notices: readonly StoredNotice[], now: number): Promise<boolean> {
    const { outbox, room, random, failed } = this.#parts;
    let outcomes: readonly Outcome[];
    try {
      outcomes = await room(inboxName(recipient)).deliver(notices);
    } catch (error) {
      failed(String(error));
      outcomes = [];
    }
    const settled: number[] = [];
    const postponed: StoredNotice[] = [];
    for (const [index, notice] of notices.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) settled.push(notice.id);
      else if (outcome === undefined || outcome.error.retryable) postponed.push(notice);
      else {
        failed(outcome.error.code);
        settled.push(notice.id);
      }
    }
    outbox.remove(settled);
    for (const { id, tries } of postponed) {
      outbox.postpone(id, now + retryDelayMs(tries, random()));
    }
    return postponed.length === 0;
  }

  #takeAgain(): number | undefined {
    const again = this.#again;
    this.#again = undefined;
    return again;
  }
}
