// Builds the hooks as npm publishes them: one ES module beside the SDK, whose client and errors it
// shares, and the types that both speak.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/react");
const run = promisify(execFile);
/** What a declaration speaks of that stands elsewhere in the package. */
const SHARED = /"\.\.\/(client|contract)\/([a-z-]+)\.ts"/g;
const BESIDE = /"\.\/([a-z-]+)\.ts"/g;
const PLACES = { client: "../client/client", contract: "../server/types/contract" };

await rm(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: ["src/react/index.ts"],
  outdir: OUT,
  bundle: true,
  format: "esm",
  // As the SDK's.
  target: ["safari15.4", "chrome92", "firefox90", "node20"],
  plugins: [
    {
      name: "beside-the-sdk",
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\.\/client\/index\.ts$/ }, () => ({
          path: "../client/index.js",
          external: true,
        })),
    },
  ],
  external: ["react"],
  sourcemap: true,
});

const all = await mkdtemp(join(tmpdir(), "hibiki-types-"));
const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
const args = ["-p", "src/react/tsconfig.published.json", "--outDir", all];
await run(process.execPath, [tsc, ...args], { cwd: ROOT }).catch(({ stdout }) =>
  Promise.reject(new Error(stdout)),
);
await mkdir(OUT, { recursive: true });
for (const file of await readdir(join(all, "react"))) {
  if (!file.endsWith(".d.ts")) continue;
  const text = await readFile(join(all, "react", file), "utf8");
  const published = text
    .replace(SHARED, (_, place, name) => `"${PLACES[place]}/${name}.js"`)
    .replace(BESIDE, '"./$1.js"');
  await writeFile(join(OUT, file), published);
}
await rm(all, { recursive: true });
