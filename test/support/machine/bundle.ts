import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { temporaryFolder } from "./folder.ts";
import { BENCH, ROOT } from "./paths.ts";

let shipped: string | undefined;

/** The bundle that `wrangler deploy` would upload, built once a run. Returns its path. */
export function shippedBundle(): string {
  if (shipped !== undefined) return shipped;
  const folder = temporaryFolder();
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--outdir", folder],
    {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" },
    },
  );
  if (status !== 0) throw new Error(`The bundle could not be built:\n${stdout}${stderr}`);
  shipped = join(folder, "index.js");
  return shipped;
}

const workers = new Map<string, string>();

/** Bundles one of the bench's own Workers. Returns the path of the bundle. */
export function workerBundle(name: string): string {
  const known = workers.get(name);
  if (known !== undefined) return known;
  const outfile = join(temporaryFolder(), `${name}.js`);
  buildSync({
    entryPoints: [join(BENCH, "workers", `${name}.ts`)],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "./index.js", "node:*"],
    logLevel: "error",
  });
  workers.set(name, outfile);
  return outfile;
}
