/** Cloudflare's prices beyond what the paid plan includes, in dollars (developers.cloudflare.com, Workers and Durable Objects pricing, as of 2026-08). */
const CLOUDFLARE = {
  objectRequests: 0.15 / 1e6,
  workerRequests: 0.3 / 1e6,
  /** Incoming WebSocket messages count as a twentieth of a request. */
  messagesPerRequest: 20,
  rowsWritten: 1 / 1e6,
  gigabyteSeconds: 12.5 / 1e6,
  objectGigabytes: 0.128,
} as const;

const MILLION = 1e6;
/** 365.25 days over 12. */
const MONTH_S = 2_629_800;
const MINUTES_PER_MONTH = MONTH_S / 60;

/** What was counted while messages were sent. */
export interface Counted {
  readonly messages: number;
  /** Frames that came in at the room. */
  readonly incoming: number;
  /** Calls of the room that are a request each: upgrades, RPC, alarms. */
  readonly calls: number;
  readonly rowsWritten: number;
  readonly activeSeconds: number;
}

/** Dollars for a million messages of the counted kind. */
export interface Cost {
  readonly requests: number;
  readonly rows: number;
  readonly duration: number;
  readonly total: number;
}

/** What a million such messages cost. */
export function perMillion(counted: Counted): Cost {
  return costOf(counted, MILLION / counted.messages);
}

/** What a month of idling costs, from one counted sweep. */
export interface Sweep {
  readonly rowsWritten: number;
  readonly activeSeconds: number;
}

/** Sweeps of a month at the default interval, and one connection a user and day. */
export function idleMonth(sweep: Sweep, sweepMs: number, users: number): Cost {
  const sweeps = (MONTH_S * 1000) / sweepMs;
  const connects = (users * MONTH_S) / 86_400;
  const { requests, rows, duration } = costOf(
    { ...sweep, messages: 1, incoming: 0, calls: 1 },
    sweeps,
  );
  const connecting = connects * (CLOUDFLARE.workerRequests + CLOUDFLARE.objectRequests);
  return {
    requests: requests + connecting,
    rows,
    duration,
    total: requests + connecting + rows + duration,
  };
}

function costOf(counted: Counted, times: number): Cost {
  const { objectRequests, messagesPerRequest, rowsWritten } = CLOUDFLARE;
  const calls = counted.incoming / messagesPerRequest + counted.calls;
  const requests = times * calls * objectRequests;
  const rows = times * counted.rowsWritten * rowsWritten;
  const perSecond = CLOUDFLARE.objectGigabytes * CLOUDFLARE.gigabyteSeconds;
  const duration = times * counted.activeSeconds * perSecond;
  return { requests, rows, duration, total: requests + rows + duration };
}

/** A hosted service's list prices. */
export interface ListPrice {
  readonly service: string;
  readonly source: string;
  /** Dollars for a million messages to a room of so many, the sender among them. */
  perMillion(readers: number): number;
  /** Dollars for so many connected and idle users a month; `undefined` where not priced so. */
  idleMonth(users: number): number | undefined;
}

/** A price in steps: the first `upTo` units at the first price, and so on. */
type Steps = readonly { readonly upTo: number; readonly price: number }[];

const ABLY_MESSAGES: Steps = [
  { upTo: 50, price: 2.5 },
  { upTo: 500, price: 2.25 },
  { upTo: 5_000, price: 1.95 },
];
const ABLY_MINUTES: Steps = [
  { upTo: 10, price: 1 },
  { upTo: 100, price: 0.95 },
  { upTo: 1_000, price: 0.85 },
];
const PUBNUB = { publish: 0.000123, receive: 0.000033 } as const;

/** List prices that were found with their source. Base fees of the packages are left out. */
export const LIST_PRICES: readonly ListPrice[] = [
  {
    service: "Ably",
    source:
      "ably.com/docs/platform/pricing, from github.com/ably/docs at 6d39f30, read 2026-11-24: messages from $2.50 a million, connection and channel minutes from $1.00 a million; package from $39 a month not included",
    perMillion: (readers) => inSteps(1 + readers, ABLY_MESSAGES),
    idleMonth: (users) => inSteps((users * MINUTES_PER_MONTH) / MILLION, ABLY_MINUTES),
  },
  {
    service: "PubNub",
    source:
      "pubnub.com/docs/general/resources/pricing (transactions), undated, read from a stored copy on 2026-11-24: $0.000123 a publish, $0.000033 an edge transaction such as a message received",
    perMillion: (readers) => MILLION * (PUBNUB.publish + readers * PUBNUB.receive),
    idleMonth: () => undefined,
  },
];

function inSteps(millions: number, steps: Steps): number {
  let cost = 0;
  let from = 0;
  for (const { upTo, price } of steps) {
    cost += Math.max(0, Math.min(millions, upTo) - from) * price;
    from = upTo;
  }
  return cost;
}
