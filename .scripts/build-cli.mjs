// Builds the command `npx hibiki`: one file, without anything beside Node.
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/cli");

await rm(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: { hibiki: "src/cli/main.ts" },
  outdir: OUT,
  bundle: true,
  format: "esm",
  platform: "node",
  // It writes projects that bring a newer Node along: so it runs on whatever a machine has.
  target: "node18",
  banner: { js: "#!/usr/bin/env node" },
});
