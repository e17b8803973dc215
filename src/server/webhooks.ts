import type {} from "../contract/environment.ts";
import type { Webhook } from "../objects/delivery/webhook.ts";
import { isDurableType } from "../protocol/frames.ts";
import { isGrantPattern } from "../protocol/grant-pattern.ts";
import { ROOM_EMPTY } from "../protocol/room-empty.ts";

/** A webhook of a deployment, by Standard Webhooks (https://www.standardwebhooks.com). */
export interface WebhookOptions {
  /** Where its messages are sent. */
  readonly url: (env: Cloudflare.Env) => string;
  /**
   * What they are signed by: `whsec_` and 24 to 64 random bytes in base64; two of them with a space
   * between while one replaces the other.
   */
  readonly secret: (env: Cloudflare.Env) => string;
  /**
   * What it hears of: `new_message`, `poll.closed` of an own kind, `document.version` when a version of a
   * Yjs document was kept, `room_empty` when nobody is left in a room, or a name that rules give `tx.webhook`.
   */
  readonly events: readonly string[];
  /** The rooms it hears of: a name, or a beginning of names and `*`; all when absent. */
  readonly rooms?: string;
  /**
   * Names it where messages wait for it, and in their ids: by it they still reach it after a
   * deployment that changed its URL. Its place in the list when absent.
   */
  readonly name?: string;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Of an own kind, or of a rule's choice; such names are not known before they are told. */
const DOTTED = /^[^.\s]+\.\S+$/;

/**
 * Holds a deployment's webhooks to what they must be.
 *
 * @throws {TypeError} that names what is wrong, and what to do.
 */
export function checkedWebhooks(webhooks: unknown): readonly Webhook[] {
  if (!Array.isArray(webhooks)) throw fault("webhooks is a list.");
  const checked = webhooks.map((webhook, at) => checkedWebhook(webhook, at));
  const names = checked.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw fault(`two webhooks are named "${twice}".`);
  return checked;
}

function checkedWebhook(webhook: unknown, at: number): Webhook {
  const where = `webhooks[${at}]`;
  const { url, secret, events, rooms = "*", name = String(at) } = Object(webhook) as WebhookOptions;
  for (const [key, value] of Object.entries({ url, secret })) {
    if (typeof value !== "function") {
      throw fault(`${where}.${key} is a function of the environment: (env) => env.HOOK_…`);
    }
  }
  if (!Array.isArray(events) || events.length === 0) {
    throw fault(`${where}.events lists what it hears of, such as "new_message".`);
  }
  const unknown = events.find((event) => !isKnown(event) && !DOTTED.test(event));
  if (unknown !== undefined) {
    throw fault(
      `${where}.events: there is no "${unknown}". Events of own kinds are named with their prefix: "poll.closed".`,
    );
  }
  if (typeof rooms !== "string" || !isGrantPattern(rooms)) {
    throw fault(`${where}.rooms is a room's name, or a beginning of names and "*".`);
  }
  if (typeof name !== "string" || !NAME.test(name)) {
    throw fault(`${where}.name is 1 to 64 letters, digits, "_" or "-".`);
  }
  return {
    name,
    events,
    rooms,
    // The environment is that of the team's Worker.
    endpoint: (env) => ({
      url: url(env as Cloudflare.Env),
      secret: secret(env as Cloudflare.Env),
    }),
  };
}

/** Whether all rooms tell of it by this name. */
function isKnown(event: string): boolean {
  return isDurableType(event) || event === ROOM_EMPTY;
}

function fault(problem: string): TypeError {
  return new TypeError(`hibiki(): ${problem}`);
}
