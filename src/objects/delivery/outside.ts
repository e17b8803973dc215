import type { Subscription } from "../../room/hooks/subscription.ts";
import {
  AFTER_CARRIER,
  type AfterRules,
  afterCarrier,
  afterSubscription,
} from "./after-carrier.ts";
import type { Carriers } from "./carrier.ts";
import { subscriptionsTo, type Webhook } from "./webhook.ts";
import { WEBHOOK_CARRIER, webhookCarrier } from "./webhook-carrier.ts";

/** Who outside of rooms hears of what is stored in them. */
export interface Outside {
  readonly webhooks: readonly Webhook[];
  /** The rules that run afterwards; `undefined` where there are none. */
  readonly after: AfterRules | undefined;
}

/** What bringing it needs of its object. */
export interface OutsideWorld {
  /** The environment that rules are handed, and that endpoints are read from. */
  readonly env: object;
  readonly failed: (where: "webhook" | "after", error: unknown) => void;
}

const NO_RULES: AfterRules = { has: () => false, run: async () => {} };

/** Those who hear of one room, or document. */
export function subscriptionsIn(
  room: string,
  { webhooks, after }: Outside,
): readonly Subscription[] {
  const told = subscriptionsTo(room, webhooks);
  return after === undefined ? told : [...told, afterSubscription(after)];
}

/** What brings it to them. What waits for a webhook or a rule that is no more is given up by it. */
export function outsideCarriers(
  { webhooks, after = NO_RULES }: Outside,
  { env, failed }: OutsideWorld,
): Carriers {
  return {
    [WEBHOOK_CARRIER]: webhookCarrier({
      endpoint: (webhook) => webhooks.find(({ name }) => name === webhook)?.endpoint(env),
      fetch: (url, init) => fetch(url, init),
      clock: Date.now,
      failed: (error) => failed("webhook", error),
    }),
    [AFTER_CARRIER]: afterCarrier(after, env, (error) => failed("after", error)),
  };
}
