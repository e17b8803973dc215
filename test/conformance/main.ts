import { join } from "node:path";
import { Child } from "../support/machine/child.ts";
import { removeFolder } from "../support/machine/folder.ts";
import { Clone } from "./clone.ts";
import { install } from "./install.ts";
import { type Pair, readOptions, USAGE } from "./options.ts";
import { start } from "./servers.ts";
import { address, SOCKETIO_VERSION, SUITES, type Suite } from "./suites.ts";
import { isWhole, together, type Verdict, verdictOf } from "./verdict.ts";

/** The longest suite takes 15 s; one that waits for ever has lost. */
const RUN_TIMEOUT_MS = 120_000;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** Returns the exit code: 0 where every test of every run passed. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    console.log(USAGE);
    return 0;
  }
  const clone = new Clone(options.repository);
  console.log(
    `socketio/socket.io ${clone.commit}, socket.io ${SOCKETIO_VERSION}, node ${process.version}`,
  );
  let faults = 0;
  for (const pair of options.pairs) faults += await judge(clone, pair, options.runs);
  return faults === 0 ? 0 : 1;
}

/** Runs one suite on one server. Returns how many runs were not whole. */
async function judge(clone: Clone, pair: Pair, runs: number): Promise<number> {
  const suite: Suite = SUITES[pair.suite];
  const folder = clone.copy(suite.folder, pair.suite === "client" ? "test" : ".");
  const { install: command, done } = suite.prepare(folder);
  await install(folder, command);
  done();
  const server = await start(pair, folder);
  try {
    address(suite, folder, server.url);
    const verdicts: Verdict[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const verdict = await runAll(suite, folder);
      tell(pair, run, verdict);
      verdicts.push(verdict);
    }
    const whole = verdicts.filter(isWhole).length;
    console.log(`${pair.suite} on ${pair.server}: ${whole} of ${runs} runs whole`);
    return runs - whole;
  } finally {
    await server.stop();
    removeFolder(folder);
  }
}

/** One run of every test; those that are flaky come last. */
async function runAll(suite: Suite, folder: string): Promise<Verdict> {
  if (suite.flaky === undefined) return mocha(suite, folder);
  const only = [`--fgrep=${suite.flaky}`];
  const others = await mocha(suite, folder, [...only, "--invert"]);
  const flaky = await mocha(suite, folder, only);
  if (flaky.failed.length === 0) return together(others, flaky);
  console.log(`    once more: ${suite.flaky}`);
  return together(others, await mocha(suite, folder, only));
}

async function mocha(
  suite: Suite,
  folder: string,
  options: readonly string[] = [],
): Promise<Verdict> {
  const command = join("node_modules", ".bin", "mocha");
  let printed = "";
  const child = Child.start(
    process.execPath,
    [command, "--reporter=json-stream", "--exit", ...options, ...suite.mocha],
    {
      cwd: folder,
      ownGroup: true,
      heard: (text) => {
        printed += text;
      },
    },
  );
  const timer = setTimeout(() => void child.stop(), RUN_TIMEOUT_MS);
  await child.succeeded();
  clearTimeout(timer);
  const verdict = verdictOf(printed);
  // What mocha itself says when it cannot even begin.
  if (verdict.total === 0) console.error(printed.slice(-2_000));
  return verdict;
}

function tell({ suite, server }: Pair, run: number, { total, passed, failed }: Verdict): void {
  console.log(`  ${suite} on ${server}, run ${run}: ${passed}/${total}`);
  for (const title of failed) console.log(`    failed: ${title}`);
}
