// Whether what was built is of the sources as they are now: `wrangler dev` runs the build twice at
// its start (workers-sdk, `getEntry` and then the watcher's `ready`), and the second is for nothing.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const STAMP = join(ROOT, "dist/.sources");
const SOURCES = ["src", ".scripts", "package-lock.json"];
const RESULTS = [
  "dist/web/index.html",
  "dist/client/index.js",
  "dist/react/index.js",
  "dist/server/server.js",
  "dist/cli/hibiki.js",
];

/** Names, sizes and times of all that is built from, as one short text. */
export async function fingerprint() {
  const files = (await Promise.all(SOURCES.map(filesOf))).flat().sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const { mtimeMs, size } = await stat(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

/** Whether a build of these sources is there already. */
export async function isBuilt(sources) {
  if (!RESULTS.every((path) => existsSync(join(ROOT, path)))) return false;
  return (await readFile(STAMP, "utf8").catch(() => "")) === sources;
}

/** Says that these sources are built. */
export function rememberBuilt(sources) {
  return writeFile(STAMP, sources);
}

async function filesOf(source) {
  const path = join(ROOT, source);
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((one) => join(one.parentPath, one.name));
}
