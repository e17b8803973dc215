// Builds the SDK as npm publishes it: ES modules, of which most applications load the first alone, and
// the types they speak.
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
  outdir: OUT,
  chunkNames: "[name]-[hash]",
  bundle: true,
  // MessagePack, and the ways around a WebSocket, are files of their own, fetched when used.
  splitting: true,
  format: "esm",
  // What README promises; newer methods of the platform are kept out by test/process/built-client.
  target: ["safari15.4", "chrome92", "firefox90", "node20"],
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
