import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package that this command is part of. */
export interface Installed {
  /** Its folder. */
  readonly folder: string;
  readonly version: string;
  /** Versions of packages, as its own manifest has them. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Looks up the package that this command is part of. */
export function installed(): Installed {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // Our own.
  return { ...(manifest as Omit<Installed, "folder">), folder };
}
