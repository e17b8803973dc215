import type { AnyContract } from "../contract/contract.ts";
import type { Kind } from "../contract/kind.ts";
import type { AnyRule } from "../contract/rules.ts";
import type { Env } from "../edge/env.ts";
import { migrated } from "../kinds/running/migration.ts";
import {
  type AfterEvent,
  type AfterRules,
  storedEvent,
} from "../objects/delivery/after-carrier.ts";
import type { Json } from "../protocol/json.ts";
import { roomCaller } from "./room-caller.ts";

type Rule = (event: AfterEvent, env: Env) => unknown;

/**
 * The rules of a deployment that run after events were stored, by what those are called outside of
 * rooms; `undefined` when there are none: then nothing is kept for them.
 *
 * @param kinds its own ones, by prefix.
 * @param builtIn those on what every deployment has, by what that is called outside.
 */
export function afterRules(
  kinds: ReadonlyMap<string, Kind>,
  builtIn: Readonly<Record<string, unknown>>,
): AfterRules | undefined {
  const rules = new Map<string, Rule>();
  for (const [event, rule] of Object.entries(builtIn)) {
    // Types were checked where it was written.
    const run = rule as AnyRule;
    rules.set(event, (told, env) => run({ ...storedEvent(told), room: told.room, env }));
  }
  for (const [prefix, { contract, rules: own }] of kinds) {
    for (const [event, run] of Object.entries(own.after ?? {})) {
      rules.set(`${prefix}.${event}`, (told, env) => {
        // An event of this kind is told of rooms of it alone.
        const room = roomCaller(env, contract, told.room as `${string}:${string}`);
        return run({ ...storedEvent(today(contract, event, told)), room, env });
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

/** An event that was stored by an earlier version of its contract, and waited until now. */
function today(contract: AnyContract, event: string, told: AfterEvent): AfterEvent {
  // What is brought was JSON.
  const now = migrated(contract, event, told.version ?? 1, told.payload as Json);
  if (now.ok) return { ...told, payload: now.data };
  throw new TypeError(`seq ${told.seq}, "${event}": ${now.problem}`);
}
