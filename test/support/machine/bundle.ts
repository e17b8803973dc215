import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { Child } from "./child.ts";
import { temporaryFolder } from "./folder.ts";
import { BENCH, ROOT } from "./paths.ts";

let shipped: Promise<string> | undefined;

/** One that was built before, by its path. */
const BUILT = process.env["SHIPPED_BUNDLE"];

/** The bundle that `wrangler deploy` would upload, built once a run. Returns its path. */
export function shippedBundle(): Promise<string> {
  shipped ??= BUILT === undefined ? buildShipped() : Promise.resolve(BUILT);
  return shipped;
}

async function buildShipped(): Promise<string> {
  const folder = temporaryFolder();
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  let output = "";
  const build = Child.start(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--outdir", folder],
    {
      cwd: ROOT,
      env: { CI: "true", WRANGLER_SEND_METRICS: "false" },
      heard: (text) => {
        output += text;
      },
    },
  );
  if (!(await build.succeeded())) throw new Error(`The bundle could not be built:\n${output}`);
  return join(folder, "index.js");
}

const workers = new Map<string, string>();

/** Bundles one of the bench's own Workers. Returns the path of the bundle. */
export function workerBundle(name: string): string {
  return bundleOf(join(BENCH, "workers", `${name}.ts`));
}

/**
 * Bundles a Worker of the tests, by its file, once a run. Returns the path of the bundle.
 *
 * @param others files that stand for packages, by their names.
 */
export function bundleOf(file: string, others: Readonly<Record<string, string>> = {}): string {
  const key = [file, ...Object.values(others)].join();
  const known = workers.get(key);
  if (known !== undefined) return known;
  const outfile = join(temporaryFolder(), `${basename(file, ".ts")}.js`);
  buildSync({
    entryPoints: [file],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    // As a project has them that installed the package.
    alias: {
      "hibiki/server": join(ROOT, "dist/server/server.js"),
      "hibiki/socket.io": join(ROOT, "dist/server/socket.io.js"),
      ...others,
    },
    external: ["cloudflare:*", "./index.js", "node:*"],
    logLevel: "error",
  });
  workers.set(key, outfile);
  return outfile;
}
