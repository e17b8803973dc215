import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import type { Options } from "../options.ts";

/** Everything around the tables. */
export function reportOf(
  options: Options,
  machine: readonly string[],
  tables: readonly string[],
): string {
  const limits = Object.entries(RAISED_LIMITS).map(([name, value]) => `${name}=${value}`);
  return [
    "# Benchmark",
    [
      `- measured ${new Date().toISOString()}`,
      `- command: \`npm run bench${commandTail()}\``,
      ...machine,
      `- Hibiki is the bundle that \`wrangler deploy --dry-run --outdir\` makes, on bare workerd, with ${limits.join(", ")}: one address opens every connection, and one sender speaks for many. The bindings ASSETS, GUEST_RATE, ADDRESS_RATE and USER_RATE of wrangler.toml are not there, for bare workerd has no such service; METRICS is`,
      `- ${options.runs} interleaved ${options.runs === 1 ? "run" : "runs"}: run 1 of every server, then run 2, beginning with the next, …; figures are medians (min–max), ratios are taken within a round. Server CPU is user and system time of all the server's processes, from /proc`,
      "- the load tool is one process with raw sockets; it ticks off each message at each reader and decodes nothing",
    ].join("\n"),
    ...tables,
    "",
  ].join("\n\n");
}

function commandTail(): string {
  const args = process.argv.slice(2);
  return args.length === 0 ? "" : ` -- ${args.join(" ")}`;
}
