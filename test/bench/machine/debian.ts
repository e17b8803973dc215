import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A file that a server needs, and the Debian package that has it. */
export interface DebianFile {
  readonly path: string;
  readonly packageName: string;
}

/** Installs what is missing when it may, else says what to install. */
export function requireDebian(files: readonly DebianFile[]): void {
  const missing = [
    ...new Set(files.filter(({ path }) => !existsSync(path)).map(({ packageName }) => packageName)),
  ];
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`Missing on this machine: ${missing.join(", ")}. On Debian: sudo ${install}`);
  }
  console.error(`Installing ${missing.join(", ")}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const command of ["apt-get update", install]) {
    const { status, stderr } = spawnSync("sh", ["-c", command], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} failed:\n${stderr.slice(-2_000)}`);
  }
}

/** The version of an installed package; `undefined` without dpkg or the package. */
export function debianVersion(packageName: string): string | undefined {
  const { status, stdout } = spawnSync("dpkg-query", ["-W", "-f", `\${Version}`, packageName], {
    encoding: "utf8",
  });
  return status === 0 ? stdout : undefined;
}
