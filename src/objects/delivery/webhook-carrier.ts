import { refusal } from "../../protocol/error.ts";
import type { Outcome } from "../../room/flush/outcome.ts";
import type { StoredDelivery } from "../../room/store/outbox.ts";
import type { Carrier } from "./carrier.ts";
import { WebhookKeys } from "./standard-webhook.ts";

/** The carrier that brings messages to webhooks. */
export const WEBHOOK_CARRIER = "webhook";

/** Messages brought to one endpoint in one visit, one after the other. */
const BATCH = 10;
/** How long an endpoint may take for one message, in milliseconds. */
const ANSWER_MS = 10_000;

/** Where a webhook's messages go. */
export interface Endpoint {
  readonly url: string;
  /** As {@link WebhookKeys} takes them. */
  readonly secret: string;
}

/** What the carrier needs of the platform. */
export interface WebhookWorld {
  /** Where the messages of a webhook go; `undefined` when the deployment has no such one any more. */
  readonly endpoint: (webhook: string) => Endpoint | undefined;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Hears why a message was not taken, without the URL, which may hold a secret. */
  readonly failed: (error: unknown) => void;
}

const GONE = refusal(
  "not_found",
  "The deployment has no webhook by this name any more: nobody is there to take this.",
);
/** Why a message is to be sent again. */
const away = (why: string) => refusal("internal", `The endpoint did not take it: ${why}.`);

/**
 * Brings messages to webhooks as Standard Webhooks has it, in order: what one does not take keeps the
 * others waiting, until it takes it or it is given up. A message is taken by a 2xx; 408, 425, 429 and
 * 5xx, and whoever does not answer, are tried again; any other answer is for good.
 */
export function webhookCarrier(world: WebhookWorld): Carrier {
  return {
    batch: BATCH,
    // Endpoints of a deployment are few, and each is one recipient.
    visits: 8,
    withinMs: BATCH * ANSWER_MS + 5_000,
    // A backend that is down for an hour misses nothing of a room with three events a second.
    waiting: 10_000,
    async bring(webhook, deliveries) {
      const endpoint = world.endpoint(webhook);
      if (endpoint === undefined) return deliveries.map(() => ({ ok: false, error: GONE }));
      const keys = new WebhookKeys(endpoint.secret);
      const outcomes: Outcome[] = [];
      for (const delivery of deliveries) {
        const outcome = await send(delivery, webhook, endpoint.url, keys, world);
        outcomes.push(outcome);
        if (!outcome.ok && outcome.error.retryable) {
          world.failed(new Error(`webhook "${webhook}": ${outcome.error.message}`));
          break;
        }
      }
      return outcomes;
    },
  };
}

async function send(
  { key, body }: StoredDelivery,
  webhook: string,
  url: string,
  keys: WebhookKeys,
  { fetch, clock }: WebhookWorld,
): Promise<Outcome> {
  // Written by `deliveriesOf`, so it is text.
  const text = String(body);
  // An id has no full stop: it separates the parts of what is signed.
  const id = `${key}#${webhook}`.replaceAll(".", "_");
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Hibiki-Webhooks",
        ...(await keys.sign(id, text, clock())),
      },
      body: text,
      // A signed message goes where the deployment says, and nowhere else.
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    return { ok: false, error: away(silenceOf(error, url)) };
  }
}

/** Why there was no answer. What the platform says of it may name the URL, so it is not told. */
function silenceOf(error: unknown, url: string): string {
  if (!URL.canParse(url)) return "what the deployment says is no URL";
  const isLate = error instanceof Error && error.name === "TimeoutError";
  return isLate ? `no answer in ${ANSWER_MS / 1_000} s` : "nobody was reached at its address";
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 500 || [408, 425, 429].includes(status)) {
    return { ok: false, error: away(`it answered ${status}`) };
  }
  return {
    ok: false,
    error: refusal("invalid_request", `The endpoint refused it with ${status}.`),
  };
}
