// Builds the SDK as npm publishes it: ES modules, of which most applications load the first alone, and
// the types they speak.
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/client");

const run = promisify(execFile);

const FIRST = "src/client/index.ts";

const bounds = await boundsOf("src/protocol/limits.ts");

await rm(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: [FIRST],
  outdir: OUT,
  chunkNames: "[name]-[hash]",
  bundle: true,
  // MessagePack, and the ways around a WebSocket, are files of their own, fetched when used.
  splitting: true,
  format: "esm",
  // What README promises; newer methods of the platform are kept out by test/process/built-client.
  target: ["safari15.4", "chrome92", "firefox90", "node20"],
  plugins: [{ name: "sources", setup: readSources }],
  // The codec is the SDK's one dependency, and stays one: an application may have it already.
  external: ["@msgpack/msgpack"],
  // As short once minified, and the same.
  define: { "Number.POSITIVE_INFINITY": "Infinity" },
  sourcemap: true,
});

const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
// All that it speaks of, in one tree: not the declarations that `npm run check` keeps of each project.
await run(process.execPath, [tsc, "-p", "src/client/tsconfig.published.json"], { cwd: ROOT }).catch(
  ({ stdout }) => Promise.reject(new Error(stdout)),
);

/** The protocol's bounds, most of which are the server's alone. */
async function boundsOf(path) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    format: "esm",
    write: false,
  });
  const { BOUNDS } = await import(
    `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
  );
  return BOUNDS;
}

/**
 * Puts each bound where it is named, so that the SDK holds only those that it heeds. And has each
 * file that is fetched on demand import the first one: so all that the first one needs is needed by
 * every file alike, and esbuild keeps it in one piece. Cut up by who shares what, it would weigh
 * 0.6 KB more, in names that the pieces tell each other.
 */
function readSources({ onResolve, onLoad }) {
  const onDemand = new Set();
  onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
    const resolved = join(resolveDir, path);
    if (kind === "dynamic-import") onDemand.add(resolved);
    // Told, or an import for its effect alone would be dropped: this package has no such effects.
    return { path: resolved, sideEffects: resolved === join(ROOT, FIRST) };
  });
  onLoad({ filter: /src\/(client|protocol)\/[a-z-]+\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, "utf8");
    const inlined = text.replace(/\bBOUNDS\.(\w+)/g, (_, name) => JSON.stringify(bounds[name]));
    const contents = onDemand.has(path) ? `import "./index.ts";\n${inlined}` : inlined;
    return { contents, loader: "ts" };
  });
}
