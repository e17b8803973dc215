import type { Stored } from "../contract/contract.ts";
import type {} from "../contract/environment.ts";
import type { Refusal } from "../contract/refusal.ts";
import type { Permission, Rules, Span } from "../contract/rules.ts";
import { chat } from "../kinds/chat/contract.ts";

type Events = (typeof chat)["events"];

/** What a team decides of chat rooms. */
export interface ChatRules {
  /**
   * Who may be in a chat room, before it is asked, and what they may do there. It alone decides: the
   * token's `grants` are handed to it.
   */
  readonly authorize?: (asked: {
    readonly actor: { readonly id: string; readonly name: string };
    readonly room: string;
    readonly grants: readonly Permission[];
    readonly request: Request;
    readonly env: Cloudflare.Env;
  }) => Promise<{ readonly can: readonly Permission[]; readonly for?: Span } | Refusal>;
  /** By what clients send, in the flush: refuse it, or put something in its place. */
  readonly before?: NonNullable<Rules<typeof chat>["before"]>;
  /** By what clients send, before it is queued: a look elsewhere. */
  readonly review?: NonNullable<Rules<typeof chat>["review"]>;
  /** By what was stored, after the commit: at least once, with the same `key`, for a day. */
  readonly after?: {
    readonly [K in keyof Events]?: (
      event: Stored<Events[K]> & {
        readonly key: string;
        readonly room: string;
        readonly env: Cloudflare.Env;
      },
    ) => Promise<void>;
  };
}

/**
 * Holds rules on chats to what is heeded.
 *
 * @throws {TypeError} that names what is not.
 */
export function checkedChat(rules: ChatRules = {}): ChatRules {
  if (typeof rules !== "object" || rules === null) throw fault("chat is an object of rules.");
  const { before = {}, review, after = {}, authorize, ...more } = rules;
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) throw fault(`there is no chat.${unknown}, or not yet.`);
  for (const [event, rule] of Object.entries(after)) {
    if (!Object.hasOwn(chat.events, event)) {
      throw fault(`chat.after.${event}: a chat stores ${Object.keys(chat.events).join(", ")}.`);
    }
    if (typeof rule !== "function") throw fault(`chat.after.${event} is a function.`);
  }
  // The others are looked at where they are made part of the kind.
  return {
    before,
    after,
    ...(review === undefined ? {} : { review }),
    ...(authorize === undefined ? {} : { authorize }),
  };
}

function fault(problem: string): TypeError {
  return new TypeError(`hibiki(): ${problem}`);
}
