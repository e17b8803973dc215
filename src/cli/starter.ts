import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { devVars } from "./dev-secrets.ts";
import type { Installed } from "./installed.ts";

/** What the files of the template call the project. */
const PLACEHOLDER = "hibiki-starter";

/** What a new project is made of. */
export interface StarterOptions {
  /** As Cloudflare names Workers; see {@link projectName}. */
  readonly name: string;
  /** Where Hibiki comes from, as a manifest says it. */
  readonly origin: string;
  readonly installed: Installed;
}

/** The files of a new project: path within it → text. */
export function starterFiles({
  name,
  origin,
  installed,
}: StarterOptions): ReadonlyMap<string, string> {
  const folder = join(installed.folder, "src/cli/template");
  const files = new Map([
    ["package.json", `${JSON.stringify(manifestOf(name, origin, installed), null, 2)}\n`],
    [".dev.vars", devVars()],
  ]);
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const place = join(folder, path);
    if (!statSync(place).isFile()) continue;
    const text = readFileSync(place, "utf8").replaceAll(PLACEHOLDER, name);
    // npm leaves a file of this name out of what it packs.
    files.set(path.replace(/^gitignore$/, ".gitignore"), text);
  }
  return files;
}

/** A name that Cloudflare takes for a Worker, after a folder's. */
export function projectName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 54)
    .replace(/-+$/, "");
  return name === "" ? "hibiki-app" : name;
}

function manifestOf(name: string, origin: string, installed: Installed): object {
  const { dependencies, peerDependencies, devDependencies } = installed;
  return {
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: {
      dev: "wrangler dev",
      test: "node --test",
      check: "wrangler types && tsc && tsc -p web",
      doctor: "hibiki doctor",
      deploy: "wrangler deploy",
    },
    dependencies: {
      hibiki: origin,
      hono: peerDependencies["hono"],
      zod: dependencies["zod"],
    },
    // As Hibiki itself is tested with; `node` brings its own along, whatever the machine has.
    devDependencies: Object.fromEntries(
      ["@types/node", "esbuild", "node", "typescript", "wrangler"].map((tool) => [
        tool,
        devDependencies[tool],
      ]),
    ),
    allowScripts: {
      esbuild: true,
      node: true,
      workerd: true,
      // npm asks about the script by which a checkout is built; a tarball is built already.
      ...(origin.endsWith(".tgz") ? { hibiki: false } : {}),
    },
  };
}
