import { appendFileSync, writeFileSync } from "node:fs";
import { requireOpenFiles } from "../support/machine/file-limit.ts";
import { endWhenInterrupted } from "./interruption.ts";
import { describeMachine } from "./machine/description.ts";
import { installPeers } from "./machine/packages.ts";
import { commandOf, misuse, type Options, readOptions, USAGE, WRANGLER_DEV } from "./options.ts";
import { reportOf } from "./report/report.ts";
import { tableOf } from "./report/table.ts";
import { interleave, isFailure } from "./rounds.ts";
import { SCENARIOS } from "./scenarios/all.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { SMOKE } from "./scenarios/smoke.ts";
import { hibiki, hibikiDev } from "./servers/hibiki.ts";
import { withBundle } from "./servers/other-bundle.ts";
import type { Server } from "./servers/server.ts";

endWhenInterrupted();

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(`${USAGE}\n\n${names()}`);
  else process.exitCode = (await bench(options)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** Runs what was asked for. Returns whether every run came to an end with nothing lost or doubled. */
async function bench(options: Options): Promise<boolean> {
  requireKnown("scenario", options.only, scenarioNames());
  requireKnown("server", options.servers, serverNames());
  const asked = options.smoke ? SMOKE : scenariosOf(options);
  requireMeasured(asked, options);
  const chosen = asked.filter((scenario) => serversOf(scenario, options).length > 0);
  for (const { name } of asked.filter((scenario) => !chosen.includes(scenario))) {
    console.error(`${name} has none of these servers, and is left out.`);
  }
  // Before an hour of measuring, not after it.
  if (options.out !== undefined) requireWritable(options.out);
  requireOpenFiles(Math.max(...chosen.map(({ openFiles }) => openFiles)));
  await installPeers();
  const machine = describeMachine();
  const tables: string[] = [];
  let isWhole = true;
  for (const scenario of chosen) {
    const servers = serversOf(scenario, options);
    const series = await interleave(scenario, servers, options.runs, (line) => console.error(line));
    isWhole &&= series.every(({ rounds }) => !rounds.some(isFailure));
    tables.push(tableOf(scenario, series, commandOf(options, scenario.name)));
    // Written after every scenario, so that an interrupted bench leaves what it has.
    if (options.out !== undefined) writeFileSync(options.out, reportOf(options, machine, tables));
  }
  if (options.out === undefined) console.log(reportOf(options, machine, tables));
  return isWhole;
}

function scenariosOf({ only }: Options): readonly Scenario[] {
  return only.length === 0
    ? SCENARIOS
    : SCENARIOS.filter(({ name, group = name }) => only.includes(name) || only.includes(group));
}

function serversOf(scenario: Scenario, options: Options): readonly Server[] {
  const { servers, wranglerDev, against } = options;
  const asked = servers.length === 0 ? namesOf(scenario.servers) : servers;
  const names = wranglerDev ? [...asked, WRANGLER_DEV] : asked;
  const chosen = offeredBy(scenario).filter(({ name }) => names.includes(name));
  if (against === undefined) return chosen;
  return chosen.flatMap((server) =>
    server.isOurs === true ? [server, withBundle(server, against)] : [server],
  );
}

/** Where the shipped Hibiki is measured, it can be under `wrangler dev` too. */
function offeredBy({ servers }: Scenario): readonly Server[] {
  return servers.includes(hibiki) ? [...servers, hibikiDev] : servers;
}

/** By which scenarios can be asked for, groups of them too. */
function scenarioNames(): readonly string[] {
  return [...new Set(SCENARIOS.flatMap(({ name, group = name }) => [name, group]))];
}

/** Every server by name, those that only one scenario has too. */
function serverNames(): readonly string[] {
  return [...new Set(namesOf(SCENARIOS.flatMap(offeredBy)))];
}

function requireKnown(kind: string, asked: readonly string[], known: readonly string[]): void {
  for (const name of asked) {
    if (known.includes(name)) continue;
    throw misuse(`There is no ${kind} "${name}", but ${known.join(", ")}.`);
  }
}

function requireWritable(out: string): void {
  try {
    appendFileSync(out, "");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw misuse(`--out ${out} cannot be written (${code}).`);
  }
}

function requireMeasured(scenarios: readonly Scenario[], options: Options): void {
  const measured = namesOf(scenarios.flatMap((scenario) => serversOf(scenario, options)));
  const asked = options.wranglerDev ? [...options.servers, WRANGLER_DEV] : options.servers;
  const missing = asked.find((name) => !measured.includes(name));
  if (missing !== undefined) throw misuse(`None of these scenarios has the server "${missing}".`);
}

function names(): string {
  const lines = SCENARIOS.map(
    (scenario) => `  ${scenario.name.padEnd(16)} ${namesOf(offeredBy(scenario)).join(", ")}`,
  );
  const note = `${WRANGLER_DEV} is measured only when it is named, or with --wrangler-dev.`;
  return `Scenarios and their servers:\n${lines.join("\n")}\n\n${note}`;
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name);
}
