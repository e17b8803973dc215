import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./machine/paths.ts";

const execute = promisify(execFile);

/** What a project has beside Hibiki, and what Hibiki brings along: packed from here, for npm to find offline. */
export const PACKAGES: readonly string[] = [
  "hono",
  "zod",
  "jose",
  "@msgpack/msgpack",
  "yjs",
  "y-protocols",
  "lib0",
  "isomorphic.js",
];

/** Packs Hibiki and {@link PACKAGES}: where each tarball is, as a manifest says it. */
export async function packed(folder: string): Promise<Readonly<Record<string, string>>> {
  // As `wrangler dev` builds: not again what is there already.
  const env = { ...process.env, WRANGLER_COMMAND: "dev" };
  await execute(process.execPath, [".scripts/build.mjs"], { cwd: ROOT, env });
  const sources = [".", ...PACKAGES.map((name) => `./node_modules/${name}`)];
  await npm(ROOT, "pack", "--ignore-scripts", "--pack-destination", folder, ...sources);
  const files = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  return Object.fromEntries(
    ["hibiki", ...PACKAGES].map((name) => {
      const flat = name.replace("@", "").replace("/", "-");
      const file = files.find(
        (one) => one.startsWith(`${flat}-`) && /^\d/.test(one.slice(flat.length + 1)),
      );
      return [name, `file:${join(folder, file ?? flat)}`];
    }),
  );
}

/** Installs what a project's manifest names, of what was packed. */
export function install(project: string): Promise<unknown> {
  return npm(project, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
}

function npm(cwd: string, ...args: readonly string[]): Promise<unknown> {
  return execute("npm", args, { cwd });
}
