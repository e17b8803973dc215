// Builds the SDK as npm publishes it: one ES module, and the types it speaks.
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/client");

await rm(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: ["src/client/index.ts"],
  outfile: join(OUT, "index.js"),
  bundle: true,
  format: "esm",
  target: "es2023",
  // The codec is the SDK's one dependency, and stays one: an application may have it already.
  external: ["@msgpack/msgpack"],
  sourcemap: true,
});

const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
const declarations = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly"];
const places = ["--rootDir", "src", "--outDir", OUT, "--rewriteRelativeImportExtensions"];
execFileSync(process.execPath, [tsc, "-p", "src/client", ...declarations, ...places], {
  cwd: ROOT,
  stdio: "inherit",
});
