import type { Kind } from "../contract/kind.ts";
import { type AfterRules, storedEvent } from "../objects/delivery/after-carrier.ts";

/** What of the outside a rule is handed. */
export interface AfterWorld {
  readonly room: object;
  readonly env: unknown;
  /** Takes note of a rule that runs. */
  readonly running: (run: Promise<void>) => Promise<void>;
}

/** The rules of a kind that run after events were stored. */
export function afterRulesOf(
  { contract: { prefix }, rules: { after = {} } }: Kind,
  { room, env, running }: AfterWorld,
): AfterRules {
  const named = (name: string) =>
    Object.entries(after).find(([event]) => name === `${prefix}.${event}`);
  return {
    has: (name) => named(name) !== undefined,
    async run(event) {
      const [, rule] = named(event.name) ?? [];
      const run = async () => {
        await rule?.({ ...storedEvent(event), room, env });
      };
      await running(run());
    },
  };
}
