import { doctor } from "./doctor.ts";
import { init } from "./init.ts";
import { installed } from "./installed.ts";
import { Problem } from "./problem.ts";

const USAGE = `Usage:
  npx hibiki init <folder>     writes a project that runs into a new or empty folder
  npx hibiki doctor [folder]   says what a project's Wrangler configuration and Worker lack
  npx hibiki --version`;

/** The oldest Node that these commands run on; what they write brings its own. */
const OLDEST_NODE = 20;

/** Runs a command; its exit code. */
async function run([command, folder, ...more]: readonly string[]): Promise<number> {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Problem(
      `This is Node ${process.versions.node}: hibiki needs ${OLDEST_NODE} or later.`,
    );
  }
  if (command === "--version") return say(installed().version);
  if (command === "--help" || command === "help") return say(USAGE);
  if (command === "init" && folder !== undefined && more.length === 0) return init(folder, say);
  if (command === "doctor" && more.length === 0) return doctor(folder ?? ".", say);
  console.error(USAGE);
  return 1;
}

function say(text: string): number {
  console.log(text);
  return 0;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
