import * as z from "zod";
import { addCounts, type Counts, countsSchema } from "./counts.ts";
import type { Gauge } from "./gauge.ts";
import type { Report, Snapshot } from "./report.ts";

const slotSchema = z.object({
  until: z.number(),
  connections: z.number(),
  rooms: z.number(),
  /** Of Yjs documents: open ones, and connections to them. */
  documents: z.number().default(0),
  editors: z.number().default(0),
});
const ledgerSchema = z.object({
  counts: countsSchema.default(countsSchema.parse({})),
  slots: z.array(slotSchema).default([]),
});

/** The gauges of all rooms that are believed until the same moment. */
type Slot = z.output<typeof slotSchema>;

/**
 * What one shard knows: totals, and the gauges summed by when they end. It knows no single room:
 * each brings what it said before, which is taken off again. A report that was lost or came twice
 * leaves the gauges wrong until that slot ends, and no longer.
 */
export class Ledger {
  #counts: Counts;
  readonly #slots: Map<number, Slot>;

  /** @param kept what {@link state} gave once; `undefined` for a new one. */
  constructor(kept: unknown) {
    const { counts, slots } = ledgerSchema.parse(kept ?? {});
    this.#counts = counts;
    this.#slots = new Map(slots.map((slot) => [slot.until, slot]));
  }

  /** Everything, to be kept; `now` in milliseconds since the epoch. */
  state(now: number): z.input<typeof ledgerSchema> {
    this.#expire(now);
    return { counts: this.#counts, slots: [...this.#slots.values()] };
  }

  take({ counts, gauge, isDocument }: Report, now: number): void {
    const isOfDocument = isDocument === true;
    this.#counts = addCounts(this.#counts, counts);
    if (gauge === undefined) return;
    this.#shift(gauge.before, -1, isOfDocument, now);
    this.#shift(gauge.after, 1, isOfDocument, now);
  }

  snapshot(now: number): Snapshot {
    this.#expire(now);
    let connections = 0;
    let rooms = 0;
    const documents = { connections: 0, open: 0 };
    for (const slot of this.#slots.values()) {
      // A share that was never put in may have been taken off.
      connections += Math.max(0, slot.connections);
      rooms += Math.max(0, slot.rooms);
      documents.connections += Math.max(0, slot.editors);
      documents.open += Math.max(0, slot.documents);
    }
    return { counts: this.#counts, connections, rooms, documents };
  }

  #shift({ connections, until }: Gauge, sign: 1 | -1, isDocument: boolean, now: number): void {
    if (connections === 0 || until <= now) return;
    const slot = this.#slots.get(until) ?? emptySlot(until);
    const more = sign * connections;
    this.#slots.set(
      until,
      isDocument
        ? { ...slot, editors: slot.editors + more, documents: slot.documents + sign }
        : { ...slot, connections: slot.connections + more, rooms: slot.rooms + sign },
    );
  }

  #expire(now: number): void {
    for (const until of this.#slots.keys()) if (until <= now) this.#slots.delete(until);
  }
}

function emptySlot(until: number): Slot {
  return { until, connections: 0, rooms: 0, documents: 0, editors: 0 };
}
