import type { Json } from "../contract/schema.ts";
import type { Notice } from "../kinds/inbox/notice.ts";
import {
  AFTER_CARRIER,
  type AfterEvent,
  type AfterRules,
  afterCarrier,
  afterSubscription,
} from "../objects/delivery/after-carrier.ts";
import type { Carrier, Carriers } from "../objects/delivery/carrier.ts";
import { WEBHOOK_CARRIER } from "../objects/delivery/webhook-carrier.ts";
import { inboxOwner } from "../protocol/inbox-owner.ts";
import { readTidings, type Subscription } from "../room/hooks/subscription.ts";

/** A run of a rule after an event was stored; a rule that failed is run again, under the same key. */
export interface AfterRecord {
  readonly type: string;
  readonly key: string;
  readonly data: Json;
}

/** What a rule told webhooks by `tx.webhook`. */
export interface WebhookRecord {
  readonly type: string;
  readonly data: Json;
}

/** What a rule told somebody's inbox. */
export interface NoticeRecord {
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly data?: Json;
}

/** What the records are made with. */
export interface RecordsOptions {
  /** The room's name. */
  readonly name: string;
  /** The kind's rules that run after events were stored. */
  readonly after: AfterRules;
  /** What events of the kind are called outside of their rooms. */
  readonly isEvent: (name: string) => boolean;
  readonly env: unknown;
  /** A rule has thrown. */
  readonly failed: (error: unknown) => void;
}

/** What a room says to the outside, written down in place of an outside. */
export class Records {
  readonly afters: AfterRecord[] = [];
  readonly webhooks: WebhookRecord[] = [];
  readonly notices: NoticeRecord[] = [];
  readonly #seen = new Set<string>();
  readonly #options: RecordsOptions;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** Those outside that hear of a room; of inboxes nobody does. */
  subscriptionsTo(room: string): readonly Subscription[] {
    const { name, after, isEvent } = this.#options;
    if (room !== name) return [];
    // Of stored events a deployment says which webhooks hear: here there is none that could.
    const told: Subscription = {
      address: () => ({ carrier: WEBHOOK_CARRIER, recipient: "test" }),
      hears: (name) => !isEvent(name),
    };
    return [told, afterSubscription(after)];
  }

  get carriers(): Carriers {
    const { after, env, failed } = this.#options;
    const recorded: AfterRules = {
      has: (name) => after.has(name),
      run: (event, environment) => {
        this.#ran(event);
        return after.run(event, environment);
      },
    };
    return {
      [AFTER_CARRIER]: afterCarrier(recorded, env, failed),
      [WEBHOOK_CARRIER]: this.#webhookCarrier(),
    };
  }

  /** An inbox has taken a notice. */
  notified(inbox: string, { key, content: { type, title, data } }: Notice): void {
    if (!this.#isNew(`${inbox} ${key}`)) return;
    const userId = inboxOwner(inbox);
    this.notices.push({ userId, type, title, ...(data === undefined ? {} : { data }) });
  }

  #ran({ name, key, payload }: AfterEvent): void {
    this.afters.push({ type: typeOf(name), key, data: payload as Json });
  }

  #webhookCarrier(): Carrier {
    return {
      batch: 10,
      visits: 8,
      waiting: 10_000,
      withinMs: 5_000,
      bring: async (_, deliveries) =>
        deliveries.map(({ key, body }) => {
          const { name, payload } = readTidings(body);
          if (this.#isNew(`webhook ${key}`)) {
            this.webhooks.push({ type: name, data: payload as Json });
          }
          return { ok: true };
        }),
    };
  }

  /** Whoever is told knows by the key what has come before. */
  #isNew(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

/** The type of an event, by what it is called outside of its room. */
function typeOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}
