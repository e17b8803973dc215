import { frozen } from "../../contract/frozen.ts";
import { refusal } from "../../protocol/error.ts";
import type { Outcome } from "../../room/flush/outcome.ts";
import { readTidings, type Subscription, type Told } from "../../room/hooks/subscription.ts";
import type { StoredDelivery } from "../../room/store/outbox.ts";
import type { Carrier } from "./carrier.ts";

/** The carrier that runs the deployment's `after` rules. */
export const AFTER_CARRIER = "after";

/** How long a rule may take, in milliseconds. It may go on afterwards, and is run again beside that. */
const RUN_MS = 30_000;

/** A stored event as an `after` rule is told it. */
export interface AfterEvent extends Told {
  /** The same each time that the rule is run for this event. */
  readonly key: string;
}

/** What the rule itself is handed of it, beside where it is. */
export function storedEvent({ payload, userId = "", seq = 0, timestamp, key }: AfterEvent) {
  return { data: frozen(payload), actorId: userId, seq, timestamp, key };
}

/** The deployment's rules that run after events were stored. */
export interface AfterRules {
  /** Whether there is one for what has this name outside of rooms. */
  has(name: string): boolean;
  /** Runs it; it is run again later when this throws. */
  run(event: AfterEvent, env: unknown): Promise<void>;
}

/** Hears of what there are rules for. Each event is a recipient of its own: one that fails holds up no other. */
export function afterSubscription(rules: AfterRules): Subscription {
  return {
    address: (key) => ({ carrier: AFTER_CARRIER, recipient: key }),
    hears: (name) => rules.has(name),
  };
}

const FAILED = refusal("internal", "The rule failed; it is run again.");
const GONE = refusal("not_found", "The deployment has no such rule any more.");

/**
 * Runs `after` rules.
 *
 * @param failed hears what a rule threw: a team looks for it in the log.
 */
export function afterCarrier(
  rules: AfterRules,
  env: unknown,
  failed: (error: unknown) => void,
): Carrier {
  return {
    batch: 1,
    visits: 16,
    waiting: 1,
    withinMs: RUN_MS,
    bring: (_, deliveries) => Promise.all(deliveries.map(run)),
  };

  async function run({ key, body }: StoredDelivery): Promise<Outcome> {
    const told = readTidings(body);
    if (!rules.has(told.name)) return { ok: false, error: GONE };
    try {
      await rules.run({ ...told, key }, env);
      return { ok: true };
    } catch (error) {
      failed(error);
      return { ok: false, error: FAILED };
    }
  }
}
