import type { Address, OutboxStore } from "../../room/store/outbox.ts";
import type { Carriers } from "./carrier.ts";
import { Courier, type CourierParts } from "./courier.ts";

/** What all couriers of a room share. */
export interface CouriersParts extends Omit<CourierParts, "queue" | "carrier"> {
  readonly outbox: OutboxStore;
  readonly carriers: Carriers;
}

/** The couriers of a room, one for each carrier: none waits for another's recipients. */
export class Couriers {
  readonly #byCarrier: ReadonlyMap<string, Courier>;
  readonly #failed: CourierParts["failed"];

  constructor({ outbox, carriers, ...shared }: CouriersParts) {
    this.#failed = shared.failed;
    this.#byCarrier = new Map(
      Object.entries(carriers).map(([name, carrier]) => [
        name,
        new Courier({ ...shared, queue: outbox.of(name), carrier }),
      ]),
    );
  }

  /** Brings what was never tried and what is due. Nobody waits for it, so what fails is told. */
  async bring(): Promise<void> {
    await Promise.all(this.#all.map((courier) => courier.bring().catch(this.#failed)));
  }

  /** Has a recipient visited again at once, of whatever carrier this code has. */
  retry({ carrier, recipient }: Address): void {
    this.#byCarrier.get(carrier)?.retry(recipient);
  }

  /** Says that the outbox was added to. */
  added(): void {
    for (const courier of this.#all) courier.added();
  }

  get #all(): readonly Courier[] {
    return [...this.#byCarrier.values()];
  }

  /** When {@link bring} must run next, milliseconds since the epoch; `undefined` when nothing waits. */
  get dueAt(): number | undefined {
    let first: number | undefined;
    // Looked at after every turn: no list is made of them.
    for (const { dueAt } of this.#byCarrier.values()) {
      if (dueAt !== undefined && !(first !== undefined && first <= dueAt)) first = dueAt;
    }
    return first;
  }
}
