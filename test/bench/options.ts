import { parseArgs } from "node:util";

/** What was asked for on the command line. */
export interface Options {
  /** Scenarios by name; empty for all. */
  readonly only: readonly string[];
  /** Servers by name; empty for each scenario's own. */
  readonly servers: readonly string[];
  readonly runs: number;
  /** File for the report; `undefined` prints it. */
  readonly out: string | undefined;
  /** Another bundle of Hibiki to measure beside the shipped one: a file, or {@link LAST_RELEASE}. */
  readonly against: string | undefined;
  readonly smoke: boolean;
  /** Whether Hibiki under `wrangler dev` is measured too. */
  readonly wranglerDev: boolean;
  readonly help: boolean;
}

/** Measured only when asked for: by this name, or by `--wrangler-dev`. */
export const WRANGLER_DEV = "hibiki-dev";
/** The name of the last release, for `--against`. */
export const LAST_RELEASE = "0.1.0";

/** How to call it. */
export const USAGE = `npm run bench -- [options]

  --only <names>     scenarios, with commas between (all)
  --servers <names>  servers, with commas between (all that a scenario has)
  --runs <count>     interleaved rounds (5)
  --out <file>       where the Markdown report goes (standard output)
  --against <bundle> measure each Hibiki beside itself with another bundle: a file, or ${LAST_RELEASE}
  --wrangler-dev     measure Hibiki under \`wrangler dev\` too
  --smoke            a few readers and players, one round: does everything arrive once?
  --help, -h         this text`;

const DEFAULT_RUNS = 5;
const OPTIONS = {
  only: { type: "string" },
  servers: { type: "string" },
  runs: { type: "string" },
  out: { type: "string" },
  against: { type: "string" },
  "wrangler-dev": { type: "boolean" },
  smoke: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
/** What a smoke run has decided already. */
const NOT_WITH_SMOKE = ["only", "servers", "runs", "against", "wrangler-dev"] as const;

/** Reads the command line. Throws on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const given = valuesIn(args);
  const smoke = given.has("smoke");
  for (const name of NOT_WITH_SMOKE) {
    if (smoke && given.has(name)) throw misuse(`--smoke and --${name} do not go together.`);
  }
  const servers = namesIn(given, "servers");
  return {
    only: namesIn(given, "only"),
    servers,
    runs: smoke ? 1 : runsIn(given),
    out: fileIn(given, "out"),
    against: fileIn(given, "against"),
    smoke,
    wranglerDev: given.has("wrangler-dev") || servers.includes(WRANGLER_DEV),
    help: given.has("help"),
  };
}

/** The command that measures just this scenario again. */
export function commandOf(
  { servers, runs, against, wranglerDev, smoke }: Options,
  scenario: string,
): string {
  if (smoke) return "npm run bench -- --smoke";
  const args = [`--only ${scenario}`];
  if (servers.length > 0) args.push(`--servers ${servers.join(",")}`);
  if (runs !== DEFAULT_RUNS) args.push(`--runs ${runs}`);
  if (against !== undefined) args.push(`--against ${against}`);
  if (wranglerDev && !servers.includes(WRANGLER_DEV)) args.push("--wrangler-dev");
  return `npm run bench -- ${args.join(" ")}`;
}

/** A fault of the command line, and where to look. */
export function misuse(fault: string): Error {
  return new Error(`${fault} See npm run bench -- --help.`);
}

/** Options by name. Read as tokens, so that what is wrong is said in the bench's own words. */
function valuesIn(args: readonly string[]): ReadonlyMap<string, string> {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw misuse(`"${token.value}" belongs to no option.`);
    const { name, rawName, value } = token;
    if (!isOption(name)) throw misuse(`There is no option ${rawName}.`);
    const wantsValue = OPTIONS[name].type === "string";
    if (wantsValue && value === undefined) throw misuse(`${rawName} wants a value.`);
    if (!wantsValue && value !== undefined) throw misuse(`${rawName} takes no value.`);
    if (values.has(name)) throw misuse(`--${name} is given twice.`);
    values.set(name, value ?? "");
  }
  return values;
}

function isOption(name: string): name is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, name);
}

function namesIn(given: ReadonlyMap<string, string>, option: string): readonly string[] {
  const list = given.get(option);
  if (list === undefined) return [];
  const names = list.split(",");
  if (names.includes("")) throw misuse(`--${option} has an empty name.`);
  return names;
}

function fileIn(given: ReadonlyMap<string, string>, option: string): string | undefined {
  const file = given.get(option);
  if (file === "") throw misuse(`--${option} has an empty name.`);
  return file;
}

function runsIn(given: ReadonlyMap<string, string>): number {
  const runs = Number(given.get("runs") ?? DEFAULT_RUNS);
  if (!Number.isInteger(runs) || runs < 1) throw misuse("--runs is a whole number above 0.");
  return runs;
}
