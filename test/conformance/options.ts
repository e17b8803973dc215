import { parseArgs } from "node:util";
import { SERVERS, type ServerName, SUITES, type SuiteName } from "./suites.ts";

/** What was asked for on the command line. */
export interface Options {
  /** A clone of socketio/socket.io, with or without a work tree. */
  readonly repository: string;
  /** Pairs to run, in order. */
  readonly pairs: readonly Pair[];
  /** How often each is run. */
  readonly runs: number;
}

/** One suite on one server. */
export interface Pair {
  readonly suite: SuiteName;
  readonly server: ServerName;
}

/** How to call it. */
export const USAGE = `npm run test:conformance -- <clone> [options]

  <clone>            a clone of https://github.com/socketio/socket.io: its suites are not kept here
                     (git clone --depth 1 https://github.com/socketio/socket.io /tmp/socket.io)
  --suite <name>     ${Object.keys(SUITES).join(", ")} (all that run on the server)
  --server <name>    ${SERVERS.join(", ")} (workerd, then wrangler); node: Socket.IO's own server
  --runs <count>     how often each is run (5)
  --help, -h         this text`;

/**
 * Reads the command line. Returns `null` where help is asked for.
 *
 * @throws on what it does not know, and without the clone.
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      suite: { type: "string" },
      server: { type: "string" },
      runs: { type: "string", default: "5" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const [repository, more] = positionals;
  if (repository === undefined)
    throw misuse("The path of a clone of socketio/socket.io is missing.");
  if (more !== undefined) throw misuse(`"${more}" belongs to no option.`);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw misuse("--runs is a whole number above 0.");
  return { repository, runs, pairs: pairsOf(values.suite, values.server) };
}

function pairsOf(suite: string | undefined, server: string | undefined): readonly Pair[] {
  const names = Object.keys(SUITES) as SuiteName[]; // The keys of a constant of ours.
  const suites = suite === undefined ? names : [named("suite", names, suite)];
  const servers =
    server === undefined ? (["workerd", "wrangler"] as const) : [named("server", SERVERS, server)];
  return suites.flatMap((suite) => servers.map((server): Pair => ({ suite, server })));
}

function named<Name extends string>(option: string, names: readonly Name[], given: string): Name {
  const name = names.find((name) => name === given);
  if (name === undefined) throw misuse(`--${option} is one of ${names.join(", ")}.`);
  return name;
}

function misuse(fault: string): Error {
  return new Error(`${fault} See npm run test:conformance -- --help.`);
}
