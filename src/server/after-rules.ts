import type { Kind } from "../contract/kind.ts";
import type { AnyRule } from "../contract/rules.ts";
import type { Env } from "../edge/env.ts";
import {
  type AfterEvent,
  type AfterRules,
  storedEvent,
} from "../objects/delivery/after-carrier.ts";
import type { ChatRules } from "./chat-rules.ts";
import { roomCaller } from "./room-caller.ts";

type Rule = (event: AfterEvent, env: Env) => unknown;

/**
 * The rules of a deployment that run after events were stored, by what those are called outside of
 * rooms; `undefined` when there are none: then nothing is kept for them.
 *
 * @param kinds its own ones, by prefix.
 */
export function afterRules(
  kinds: ReadonlyMap<string, Kind>,
  chat: NonNullable<ChatRules["after"]>,
): AfterRules | undefined {
  const rules = new Map<string, Rule>();
  for (const [event, rule] of Object.entries(chat)) {
    // Types were checked where it was written.
    const run = rule as AnyRule;
    rules.set(event, (told, env) => run({ ...storedEvent(told), room: told.room, env }));
  }
  for (const [prefix, { contract, rules: own }] of kinds) {
    for (const [event, run] of Object.entries(own.after ?? {})) {
      rules.set(`${prefix}.${event}`, (told, env) => {
        // An event of this kind is told of rooms of it alone.
        const room = roomCaller(env, contract, told.room as `${string}:${string}`);
        return run({ ...storedEvent(told), room, env });
      });
    }
  }
  if (rules.size === 0) return undefined;
  return {
    has: (name) => rules.has(name),
    run: async (told, env) => {
      await rules.get(told.name)?.(told, env as Env);
    },
  };
}
