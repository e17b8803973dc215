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
  readonly smoke: boolean;
  /** Whether Hibiki under `wrangler dev` is measured too. */
  readonly wranglerDev: boolean;
  readonly help: boolean;
}

/** How to call it. */
export const USAGE = `npm run bench -- [options]

  --only <names>     scenarios, with commas between (all)
  --servers <names>  servers, with commas between (all that a scenario has)
  --runs <count>     interleaved rounds (5)
  --out <file>       where the Markdown report goes (standard output)
  --wrangler-dev     measure Hibiki under \`wrangler dev\` too
  --smoke            a few readers, one round, hibiki and ws: does everything arrive once?
  --help             this text`;

const DEFAULT_RUNS = 5;

/** Reads the command line. Throws on what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      servers: { type: "string", default: "" },
      runs: { type: "string", default: String(DEFAULT_RUNS) },
      out: { type: "string" },
      smoke: { type: "boolean", default: false },
      "wrangler-dev": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs is a whole number above 0.");
  return {
    only: namesIn(values.only),
    servers: namesIn(values.servers),
    runs: values.smoke ? 1 : runs,
    out: values.out,
    smoke: values.smoke,
    wranglerDev: values["wrangler-dev"],
    help: values.help,
  };
}

function namesIn(list: string): readonly string[] {
  return list.split(",").filter((name) => name !== "");
}
