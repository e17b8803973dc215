import { writeFileSync } from "node:fs";
import { killAll } from "./machine/child.ts";
import { describeMachine } from "./machine/description.ts";
import { requireOpenFiles } from "./machine/file-limit.ts";
import { removeAllFolders } from "./machine/folder.ts";
import { installPeers } from "./machine/packages.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { reportOf } from "./report/report.ts";
import { tableOf } from "./report/table.ts";
import { interleave, isFailure } from "./rounds.ts";
import { SCENARIOS } from "./scenarios/all.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { SMOKE } from "./scenarios/smoke.ts";
import { SERVERS } from "./servers/all.ts";
import { hibiki, hibikiDev } from "./servers/hibiki.ts";
import type { Server } from "./servers/server.ts";

process.on("exit", () => {
  killAll();
  removeAllFolders();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(130));
}

const options = readOptions(process.argv.slice(2));
if (options.help) console.log(`${USAGE}\n\n${names()}`);
else process.exitCode = (await bench(options)) ? 0 : 1;

/** Runs what was asked for. Returns whether every run came to an end with nothing lost or doubled. */
async function bench(options: Options): Promise<boolean> {
  const chosen = options.smoke ? [SMOKE] : scenariosOf(options);
  requireOpenFiles(Math.max(...chosen.map(({ openFiles }) => openFiles)));
  installPeers();
  const machine = describeMachine();
  const tables: string[] = [];
  let isWhole = true;
  for (const scenario of chosen) {
    const servers = serversOf(scenario, options);
    const series = await interleave(scenario, servers, options.runs, (line) => console.error(line));
    isWhole &&= series.every(({ rounds }) => !rounds.some(isFailure));
    tables.push(tableOf(scenario, series));
    // Written after every scenario, so that an interrupted bench leaves what it has.
    if (options.out !== undefined) writeFileSync(options.out, reportOf(options, machine, tables));
  }
  if (options.out === undefined) console.log(reportOf(options, machine, tables));
  return isWhole;
}

function scenariosOf({ only }: Options): readonly Scenario[] {
  if (only.length === 0) return SCENARIOS;
  return only.map((name) => find(SCENARIOS, name));
}

function serversOf(scenario: Scenario, { servers, wranglerDev }: Options): readonly Server[] {
  const hasHibiki = scenario.servers.includes(hibiki);
  const all = wranglerDev && hasHibiki ? [...scenario.servers, hibikiDev] : scenario.servers;
  if (servers.length === 0) return all;
  const wanted = servers.map((name) => find(SERVERS, name));
  return all.filter((server) => wanted.includes(server));
}

function find<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no "${name}".\n\n${names()}`);
  return found;
}

function names(): string {
  const list = (things: readonly { readonly name: string }[]) =>
    things.map(({ name }) => name).join(", ");
  return `scenarios: ${list(SCENARIOS)}\nservers: ${list(SERVERS)}`;
}
