import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../../support/machine/child.ts";
import { BENCH, ROOT } from "../../support/machine/paths.ts";

/** Installs the peers that the bench's own lock file pins, unless that was done. */
export async function installPeers(): Promise<void> {
  const lock = (folder: string, name: string) => join(BENCH, folder, name);
  const installed = lock("node_modules", ".package-lock.json");
  if (existsSync(installed) && isNewer(installed, lock(".", "package-lock.json"))) return;
  console.error("Installing the peers (test/bench/package-lock.json).");
  // partyserver wants the types of Workers beside it; the project has them, in the root.
  const install = Child.start(
    "npm",
    ["ci", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"],
    // Ctrl-C is for the bench, which says that it was interrupted; that npm failed would be no news.
    { cwd: BENCH, ownGroup: true },
  );
  if (!(await install.succeeded())) {
    throw new Error(`npm ci failed in test/bench:\n${install.output}`);
  }
}

/** The version of a package as it is installed, in the bench or in the project. */
export function packageVersion(name: string): string {
  for (const folder of [BENCH, ROOT]) {
    const file = join(folder, "node_modules", name, "package.json");
    if (existsSync(file)) return versionIn(readFileSync(file, "utf8"));
  }
  return "not installed";
}

function versionIn(text: string): string {
  const found: unknown = JSON.parse(text);
  return typeof found === "object" && found !== null && "version" in found
    ? String(found.version)
    : "unknown";
}

function isNewer(one: string, other: string): boolean {
  return statSync(one).mtimeMs >= statSync(other).mtimeMs;
}
