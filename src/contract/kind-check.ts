import type { AnyContract } from "./contract.ts";
import { isReserved } from "./reserved-contract.ts";

type Given = Readonly<Record<string, unknown>>;

const SINGLE: ReadonlySet<string> = new Set(["authorize", "joined", "left", "empty"]);

/**
 * Holds rules to what the contract has.
 *
 * @throws {TypeError} that names what is wrong.
 */
export function checkRules(contract: AnyContract, rules: object): void {
  const { prefix, events, signals, timers, queries } = contract;
  const commands = isReserved(contract) ? Object.keys(contract.commands) : undefined;
  const fail = (problem: string): never => {
    throw new TypeError(`kind("${prefix}"): ${problem}`);
  };
  const known: Readonly<Record<string, readonly string[]>> = {
    review: [...(commands ?? Object.keys(events)), "onTimeout"],
    before: commands ?? [...Object.keys(events), ...Object.keys(signals)],
    after: Object.keys(events),
    timers: Object.keys(timers),
    queries: Object.keys(queries),
  };
  for (const name of [...SINGLE, ...Object.keys(known)]) {
    // Left out, `authorize` would keep nobody out.
    if (name in rules && !Object.hasOwn(rules, name)) {
      fail(`${name} is inherited, as of a class, and would not be run: rules are a plain object.`);
    }
  }
  const given: Given = { ...rules };
  for (const [name, rule] of Object.entries(given)) {
    if (rule === undefined) continue;
    if (SINGLE.has(name)) {
      if (typeof rule !== "function") fail(`${name} is no function.`);
      continue;
    }
    const among = Object.hasOwn(known, name) ? known[name] : undefined;
    if (among === undefined) fail(`there is no rule "${name}".`);
    for (const [of, one] of Object.entries(Object(rule))) {
      if (among?.includes(of) !== true) fail(`${name}.${of}: the contract has no "${of}".`);
      const isFit = of === "onTimeout" ? one === "refuse" || one === "pass" : isRule(one);
      if (!isFit) fail(`${name}.${of} is no function.`);
    }
  }
  for (const part of ["timers", "queries"] as const) {
    const without = known[part]?.find((name) => !isRule(Object(given[part] ?? {})[name]));
    if (without !== undefined) fail(`${part}.${without} has no rule.`);
  }
}

function isRule(rule: unknown): boolean {
  return typeof rule === "function";
}
