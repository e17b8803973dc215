import { hasOwn } from "../protocol/has-own.ts";
import type { AnyContract } from "./contract.ts";
import { lostPart, UNDEFINED } from "./lost-part.ts";
import { isReserved } from "./reserved-contract.ts";

type Given = Readonly<Record<string, unknown>>;

const SINGLE: ReadonlySet<string> = new Set(["authorize", "joined", "left", "empty"]);

/**
 * Holds rules to what the contract has.
 *
 * @throws {TypeError} that names what is wrong.
 */
export function checkRules(contract: AnyContract, rules: object): void {
  if (typeof Object(contract).prefix !== "string" || typeof rules !== "object" || rules === null) {
    throw new TypeError(
      "kind(contract, rules): takes what contract() made, and an object of rules.",
    );
  }
  const { prefix, events, signals, timers, queries } = contract;
  const reserved = isReserved(contract) ? contract : undefined;
  const commands = reserved === undefined ? undefined : Object.keys(reserved.commands);
  // The rules of a kind that every deployment has are an option of it.
  const whose = reserved === undefined ? `kind("${prefix}")` : `hibiki(): ${reserved.name}`;
  const fault = (problem: string) => new TypeError(`${whose}: ${problem}`);
  const known: Readonly<Record<string, readonly string[]>> = {
    review: [...(commands ?? Object.keys(events)), "onTimeout"],
    before: commands ?? [...Object.keys(events), ...Object.keys(signals)],
    after: Object.keys(events),
    timers: Object.keys(timers),
    queries: Object.keys(queries),
  };
  // Left out, `authorize` would keep nobody out.
  const lost = lostPart(rules, [...SINGLE, ...Object.keys(known)]);
  if (lost !== undefined) throw fault(`what holds its rules ${lost}.`);
  const given: Given = { ...rules };
  for (const [name, rule] of Object.entries(given)) {
    if (rule === undefined) throw fault(`${name} ${UNDEFINED}.`);
    if (SINGLE.has(name)) {
      if (typeof rule !== "function") throw fault(`${name} is no function.`);
      continue;
    }
    const among = hasOwn(known, name) ? known[name] : undefined;
    if (among === undefined) throw fault(`there is no rule "${name}".`);
    const lostOf = lostPart(rule, among);
    if (lostOf !== undefined) throw fault(`${name} ${lostOf}.`);
    for (const [of, one] of Object.entries(Object(rule))) {
      if (!among.includes(of)) {
        throw fault(`${name}.${of}: there is no "${of}", but ${among.join(", ") || "nothing"}.`);
      }
      const isFit = of === "onTimeout" ? one === "refuse" || one === "pass" : isRule(one);
      if (!isFit) throw fault(`${name}.${of} is no function.`);
    }
  }
  for (const part of ["timers", "queries"] as const) {
    const without = known[part]?.find((name) => !isRule(Object(given[part] ?? {})[name]));
    if (without !== undefined) throw fault(`${part}.${without} has no rule.`);
  }
}

function isRule(rule: unknown): boolean {
  return typeof rule === "function";
}
