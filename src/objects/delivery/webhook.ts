import type { Subscription } from "../../room/hooks/subscription.ts";
import type { Endpoint } from "./webhook-carrier.ts";
import { WEBHOOK_CARRIER } from "./webhook-carrier.ts";

/** A webhook of a deployment: what its endpoint is told of. */
export interface Webhook {
  /** Names it where messages wait for it, so that they go on when its URL changes. */
  readonly name: string;
  /** Where its messages go, and what they are signed by, in this environment. */
  endpoint(env: unknown): Endpoint;
  /** Names of events, as they are told outside of rooms. */
  readonly events: readonly string[];
  /** A room's name, or a beginning of names and `*`. */
  readonly rooms: string;
}

/** The webhooks that hear of a room. */
export function subscriptionsTo(
  room: string,
  webhooks: readonly Webhook[],
): readonly Subscription[] {
  return webhooks.filter(({ rooms }) => covers(rooms, room)).map(subscriptionOf);
}

function subscriptionOf({ name, events }: Webhook): Subscription {
  const heard = new Set(events);
  const to = { carrier: WEBHOOK_CARRIER, recipient: name };
  return { address: () => to, hears: (event) => heard.has(event) };
}

function covers(pattern: string, room: string): boolean {
  return pattern.endsWith("*") ? room.startsWith(pattern.slice(0, -1)) : pattern === room;
}
