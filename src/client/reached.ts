import type { Address } from "./address.ts";
import type { Environment } from "./environment.ts";
import type { Channel, ChannelEvents, MultiplexOption, Transport, Visit } from "./transport.ts";
import type { ClientWire } from "./wire-codec.ts";

/** How long a transport may take to open, in milliseconds. */
export const OPENING_MS = 10_000;
/**
 * How long a transport may stay silent before the next one is tried, in milliseconds: of `auto`, two may
 * before the last one is opened.
 */
export const RUNG_MS = 5_000;
/**
 * How long a transport that has worked before may fail, in milliseconds, before a lower one is
 * tried: a server that restarts refuses them all, and the first try after it must not be a lower.
 */
const PATIENCE_MS = 5_000;
/** Close codes from here on are the application's: whoever sends one was reached. */
export const OWN_CODES = 4_000;

/** What is known of how rooms were reached, by all who reach for one: for whoever tries further down too. */
export interface Reached {
  /** How many rooms each transport carries now, the best first. */
  readonly carries: number[];
  /** Since when each room has been failing, by its name. */
  readonly failingSince: Map<string, number>;
  /** Where to begin. */
  start: number;
  /** Whether that one has worked. */
  isProven: boolean;
}

/** Opens channels over the best of all transports that works, or from one on. */
export interface Whole {
  open(visit: Visit, events: ChannelEvents, rung?: number): Channel;
}

/** Where a transport leads, and by what. */
export interface Endpoint {
  readonly environment: Environment;
  readonly address: Address;
}

/** What every transport of rooms is made of. */
export interface TransportParts extends Endpoint {
  /** How frames look on the wire of a WebSocket. */
  readonly wire: ClientWire;
  readonly multiplex: MultiplexOption;
  /** Those of the client, the one included that is being entered. */
  readonly rooms: { readonly size: number };
  /** What enters rooms over WebSockets that they share, once one has. */
  shared?: Transport;
  /** What enters them over HTTP, once one has. */
  http?: Transport;
  /** What enters them by the best of all ways, once the best has failed. */
  whole?: Whole;
}

/** How long a room has been failing, in milliseconds; it begins to. */
export function failingForMs(
  { failingSince }: Pick<Reached, "failingSince">,
  room: string,
  now: number,
): number {
  const since = failingSince.get(room) ?? now;
  failingSince.set(room, since);
  return Math.max(0, now - since);
}

/** Whether a transport that worked before may fail a room for a while yet: a server may restart. */
export function isPatient(reached: Reached, room: string, rung: number, now: number): boolean {
  const isUsed = reached.isProven && rung === reached.start;
  return isUsed && failingForMs(reached, room, now) < PATIENCE_MS;
}
