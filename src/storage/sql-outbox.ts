import {
  type CarrierQueue,
  type Delivery,
  FIRST_RETRY_MS,
  type OutboxStore,
} from "../room/store/outbox.ts";
import { type Database, first } from "./database.ts";
import { SqlCarrierQueue } from "./sql-carrier-queue.ts";

/**
 * Deliveries in SQLite, one row each, gone once delivered. The columns that release 0.1.0 knows it may
 * write itself, when a deployment goes back to it: such a row is a notice for an inbox.
 */
export class SqlOutbox implements OutboxStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add({ to, source, key, body }: Delivery, at: number): void {
    this.#database.query(
      "INSERT INTO outbox (carrier, recipient, source, key, content, tries, due, at) VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
      to.carrier,
      to.recipient,
      source,
      key,
      JSON.stringify(body),
      at + FIRST_RETRY_MS,
      at,
    );
  }

  get isEmpty(): boolean {
    return first(this.#database.query("SELECT 1 FROM outbox LIMIT 1")) === undefined;
  }

  of(carrier: string): CarrierQueue {
    return new SqlCarrierQueue(this.#database, carrier);
  }
}
