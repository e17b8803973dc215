import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Installed } from "./installed.ts";

const NAME = "hibiki";
/** A place that is no range of versions. */
const SOURCE = /^(?:git|github:|https?:)/;

/**
 * Where this package came from, as a manifest's dependency says it: the tarball or the folder that it
 * was installed from, or its very version.
 */
export function originOf({ folder, version }: Pick<Installed, "folder" | "version">): string {
  const modules = dirname(folder);
  // Linked, or run where it is made.
  if (!modules.endsWith("node_modules")) return `file:${folder}`;
  const project = dirname(modules);
  const resolved = lockedIn(modules) ?? wantedBy(project);
  if (resolved === undefined) return version;
  if (resolved.startsWith("file:")) return `file:${resolve(project, resolved.slice(5))}`;
  const isRegistrys = resolved.includes(`/-/${NAME}-`);
  return !isRegistrys && SOURCE.test(resolved) ? resolved : version;
}

/** What npm notes of what it has installed, beside what it has installed. */
function lockedIn(modules: string): string | undefined {
  const { packages } = readJson(join(modules, ".package-lock.json"));
  return textIn(packages, `node_modules/${NAME}`, "resolved");
}

/** What the project around it asked for; other package managers than npm note nothing else. */
function wantedBy(project: string): string | undefined {
  const manifest = readJson(join(project, "package.json"));
  return textIn(manifest, "dependencies", NAME) ?? textIn(manifest, "devDependencies", NAME);
}

function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce((at, key) => Object(at)[key], value);
  return typeof found === "string" ? found : undefined;
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}
