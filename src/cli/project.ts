import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Config, Format } from "./config.ts";
import { Problem } from "./problem.ts";

const FILES = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];

/** A project's Wrangler configuration, and where it is. */
export interface Found {
  readonly path: string;
  readonly format: Format;
  readonly config: Config;
}

/**
 * Reads a project's configuration by the project's own Wrangler, as that would read it.
 *
 * @throws {Problem} where there is none, or nothing to read it by.
 */
export function readConfig(root: string): Found {
  const path = FILES.map((name) => join(root, name)).find((file) => existsSync(file));
  if (path === undefined) {
    throw new Problem(
      `There is no ${FILES.join(", ")} in ${root}. npx hibiki init <folder> writes a whole project.`,
    );
  }
  const { experimental_readRawConfig: read } = loaded<Wrangler>("wrangler", root);
  try {
    const { rawConfig } = read({ config: path });
    return { path, format: path.endsWith(".toml") ? "toml" : "json", config: rawConfig };
  } catch (error) {
    throw new Problem(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * What the Worker's main file exports: built as Wrangler builds it, by the same tool, without running
 * any of it.
 *
 * @returns `undefined` where another package says what is exported.
 * @throws {Problem} where it cannot be built.
 */
export async function exportsOf(
  main: string,
  root: string,
): Promise<ReadonlySet<string> | undefined> {
  const entry = resolve(root, main);
  if (!existsSync(entry)) throw new Problem(`${main} is not there: main names the Worker's file.`);
  const { build } = loaded<Esbuild>("esbuild", root);
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    packages: "external",
    format: "esm",
    metafile: true,
    write: false,
    outdir: "out",
    logLevel: "silent",
    loader: { ".wasm": "empty", ".html": "empty", ".txt": "empty", ".sql": "empty" },
  }).catch((error: unknown) => {
    throw new Problem(`${main} cannot be built: ${messageOf(error)}`);
  });
  if (/^\s*export\s*\*\s*from\s*["'][^.]/m.test(readFileSync(entry, "utf8"))) return undefined;
  const outputs = Object.values(metafile.outputs);
  return new Set(outputs.flatMap(({ entryPoint, exports }) => (entryPoint ? exports : [])));
}

interface Wrangler {
  experimental_readRawConfig(args: { config: string }): { rawConfig: Config };
}

interface Esbuild {
  build(options: object): Promise<{
    readonly metafile: {
      readonly outputs: Readonly<
        Record<string, { readonly entryPoint?: string; readonly exports: readonly string[] }>
      >;
    };
  }>;
}

/** A package of the project's own; esbuild comes with Wrangler. */
function loaded<T>(name: string, root: string): T {
  try {
    const project = createRequire(join(root, "package.json"));
    return name === "wrangler" ? project(name) : createRequire(project.resolve("wrangler"))(name);
  } catch (error) {
    throw new Problem(
      `${name} of the project in ${root} cannot be loaded: run npm install there. (${messageOf(error)})`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
