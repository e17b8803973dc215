// Builds the SDK as npm publishes it: ES modules, of which most applications load the first alone, and
// the types they speak.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/client");

const run = promisify(execFile);
/** What a declaration speaks of that `hibiki` declares. */
const CONTRACT = /"\.\.\/contract\/([a-z-]+)\.ts"/g;

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
  // Dependencies stay such: an application may have them already, and two copies of Yjs in one page do
  // not know each other's types.
  external: ["@msgpack/msgpack", "yjs", "y-protocols/*", "lib0/*"],
  // As short once minified, and the same.
  define: { "Number.POSITIVE_INFINITY": "Infinity" },
  sourcemap: true,
});

await shortenNames();
await writeTypes();

/**
 * Files that are fetched on demand go by their names alone: a package has a version, and the bundler of
 * whoever uses it adds a hash of its own, which would stand in what every page loads beside ours.
 */
async function shortenNames() {
  const hashed = /^(?!chunk-)([a-z-]+)-[A-Z0-9]{8}(\.js(?:\.map)?)$/;
  const files = await readdir(OUT);
  for (const file of files) {
    const path = join(OUT, file);
    const text = await readFile(path, "utf8");
    const names = files.filter((name) => hashed.test(name));
    await writeFile(
      path,
      names.reduce((all, name) => all.replaceAll(name, shortened(name)), text),
    );
    if (hashed.test(file)) await rename(path, join(OUT, shortened(file)));
  }
  function shortened(name) {
    return name.replace(hashed, "$1$2");
  }
}

/**
 * All that it speaks of, in one tree: not the declarations that `npm run check` keeps of each project.
 * Contracts are told by the very declarations of `hibiki`: of two copies, the marks by which types know
 * an event that clients cannot send would be two marks.
 */
async function writeTypes() {
  const all = await mkdtemp(join(tmpdir(), "hibiki-types-"));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const args = ["-p", "src/client/tsconfig.published.json", "--outDir", all];
  await run(process.execPath, [tsc, ...args], { cwd: ROOT }).catch(({ stdout }) =>
    Promise.reject(new Error(stdout)),
  );
  const shared = join(all, "contract");
  for (const file of await readdir(all, { recursive: true })) {
    const path = join(all, file);
    if (!file.endsWith(".d.ts") || path.startsWith(shared)) continue;
    const text = await readFile(path, "utf8");
    const place = join(OUT, file);
    const contracts = relative(dirname(place), join(ROOT, "dist/server/types/contract"));
    await mkdir(dirname(place), { recursive: true });
    await writeFile(
      place,
      text.replace(CONTRACT, (_, name) => `"${contracts}/${name}.js"`),
    );
  }
  await rm(all, { recursive: true });
}

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
  onLoad({ filter: /src\/(client|contract|protocol)\/[a-z-]+\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, "utf8");
    const inlined = text.replace(/\bBOUNDS\.(\w+)/g, (_, name) => JSON.stringify(bounds[name]));
    const contents = onDemand.has(path) ? `import "./index.ts";\n${inlined}` : inlined;
    return { contents, loader: "ts" };
  });
}
