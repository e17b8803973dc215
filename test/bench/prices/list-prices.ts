import { MONTH_S } from "./cloudflare.ts";

const MILLION = 1e6;
const MINUTES_PER_MONTH = MONTH_S / 60;

/** A hosted service's list prices under one of its models. */
export interface ListPrice {
  readonly service: string;
  /** The model, and who is priced by it. */
  readonly model: string;
  /** Where the prices stand, when they were read, and what is left out. */
  readonly source: string;
  /** Dollars for a million stored messages to a room of so many, the sender among them. */
  perMillion(readers: number): number;
  /** Dollars for so many users who are connected and idle all month; `undefined` where the model does not price that. */
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

/** List prices that were found with their source. */
export const LIST_PRICES: readonly ListPrice[] = [
  {
    service: "Ably",
    model:
      "resource-based pricing, which accounts from before its MAU pricing have; new ones pay by monthly active user, at a price that was not found",
    source:
      "models: ably.com/docs/platform/pricing/resource-based; a stored message counts once more: ably.com/docs/pub-sub/pricing, both read 2026-11-25; messages from $2.50 a million, minutes from $1.00 a million: github.com/ably/docs at 6d39f30, read 2026-11-24; without the package's monthly fee, channel minutes and presence",
    // Published, stored, and received by each.
    perMillion: (readers) => inSteps(1 + 1 + readers, ABLY_MESSAGES),
    idleMonth: (users) => inSteps((users * MINUTES_PER_MONTH) / MILLION, ABLY_MINUTES),
  },
  {
    service: "PubNub",
    model: "transaction pricing, offered on request as the alternative to its pricing by MAU",
    source:
      "pubnub.com/docs/general/resources/pricing, undated, read from a stored copy on 2026-11-25: $0.000123 a publish, $0.000033 an edge transaction such as a message received; without persistence at $8 a GB",
    perMillion: (readers) => MILLION * (PUBNUB.publish + readers * PUBNUB.receive),
    // A connection that is idle renews its subscription; how often is not in the price list.
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
