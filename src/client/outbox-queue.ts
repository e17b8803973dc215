import type { Cancel } from "./environment.ts";
import type { OutboxEntry } from "./outbox-entry.ts";

/** Entries by messageId, in the order they were added, and how many of them are under way. */
export class OutboxQueue implements Iterable<OutboxEntry> {
  readonly #entries = new Map<string, OutboxEntry>();
  #underWay = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** How many were sent and are not answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  get(messageId: string): OutboxEntry | undefined {
    return this.#entries.get(messageId);
  }

  /** The entries, oldest first; what is added or deleted meanwhile is taken into account. */
  [Symbol.iterator](): Iterator<OutboxEntry> {
    return this.#entries.values();
  }

  add(entry: OutboxEntry): void {
    this.#entries.set(entry.frame.messageId, entry);
  }

  /** A queued entry went out; `cancel` ends the wait for its acknowledgement. */
  sent(entry: OutboxEntry, cancel: Cancel): void {
    this.#underWay += 1;
    entry.delivery = { state: "sent", cancel };
  }

  /** An entry that may have been sent is to be sent again, in its old place. */
  requeue(entry: OutboxEntry): void {
    if (entry.delivery.state === "queued") return;
    entry.delivery.cancel();
    entry.delivery = { state: "queued" };
    this.#underWay -= 1;
  }

  delete(entry: OutboxEntry): void {
    this.requeue(entry);
    this.#entries.delete(entry.frame.messageId);
  }
}
