import * as z from "zod";

/** Ends of life are rounded up to this, so that a shard keeps a few sums and no list of rooms. */
const SLOT_MS = 5 * 60_000;
/** A room that has said nothing for this long is no longer believed to be there. */
const LIFE_MS = 45 * 60_000;
/** Said again with any alarm from this age on, and by an alarm of its own at the later one. */
const STALE_MS = 20 * 60_000;
const RENEW_MS = 30 * 60_000;

/** How many connections a room said it has, and until when that is believed. */
export const gaugeSchema = z.object({
  connections: z.number(),
  /** Milliseconds since the epoch. */
  until: z.number(),
});

/** One room's share of the gauges. */
export type Gauge = Readonly<z.output<typeof gaugeSchema>>;

/** A room with nobody in it: no share at all. */
export const EMPTY: Gauge = { connections: 0, until: 0 };

/** What a room has to say now, milliseconds since the epoch. */
export function gaugeAt(connections: number, now: number): Gauge {
  if (connections === 0) return EMPTY;
  return { connections, until: Math.ceil((now + LIFE_MS) / SLOT_MS) * SLOT_MS };
}

/** Whether it is time to say the same again, if the room is awake anyway. */
export function isStale({ connections, until }: Gauge, now: number): boolean {
  return connections > 0 && now >= until - LIFE_MS + STALE_MS;
}

/** When a room must wake to say the same again; `undefined` when it has no share. */
export function renewAt({ connections, until }: Gauge): number | undefined {
  return connections > 0 ? until - LIFE_MS + RENEW_MS : undefined;
}
