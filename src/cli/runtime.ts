import { createRequire } from "node:module";
import { join } from "node:path";
import { installed } from "./installed.ts";

/** What runs a project on this machine: workerd, which comes with the project's Wrangler. */
export interface Runtime {
  /** The version of Wrangler. */
  readonly wrangler: string;
  /** The newest compatibility date that its workerd knows. */
  readonly newestDate: string;
  /** The version of Wrangler that this Hibiki is tested with. */
  readonly tested: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** A workerd is named after its day, and knows the dates of a week more. */
const AHEAD_MS = 7 * DAY_MS;

/** What would run a project; `undefined` where nobody can tell. */
export function runtimeOf(root: string): Runtime | undefined {
  try {
    const project = createRequire(join(root, "package.json"));
    const { version: wrangler } = project("wrangler/package.json");
    const { version } = createRequire(project.resolve("wrangler"))("workerd/package.json");
    return { wrangler, newestDate: newestDateOf(version), tested: testedWrangler() };
  } catch {
    return undefined;
  }
}

/**
 * The newest compatibility date that a version of workerd knows.
 *
 * @param version such as "1.20260426.1".
 * @throws {RangeError} for what is no such version.
 */
export function newestDateOf(version: string): string {
  const [, year, month, day] = /^\d+\.(\d{4})(\d\d)(\d\d)\./.exec(version) ?? [];
  return new Date(Date.parse(`${year}-${month}-${day}`) + AHEAD_MS).toISOString().slice(0, 10);
}

function testedWrangler(): string {
  return installed().devDependencies["wrangler"] ?? "latest";
}
