import { Child } from "../support/machine/child.ts";

/**
 * Runs `npm ci` or `npm install` in a folder. No script of what is installed is run.
 *
 * @throws with what npm said, where it fails.
 */
export async function install(
  folder: string,
  command: "ci" | "install",
  ...packages: readonly string[]
): Promise<void> {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = Child.start("npm", [command, ...quiet, ...packages], { cwd: folder });
  if (!(await npm.succeeded()))
    throw new Error(`npm ${command} failed in ${folder}:\n${npm.output}`);
}
