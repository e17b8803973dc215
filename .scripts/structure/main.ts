// Says what is wrong with the structure of the sources, a line each: floors, circles, lengths.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { faultsOf } from "./faults.ts";

const ROOT = resolve(import.meta.dirname, "../..");

const files = new Map<string, string>();
for (const folder of ["src", "test", ".scripts"])
  for (const name of await readdir(join(ROOT, folder), { recursive: true }))
    if (/\.(?:tsx?|mjs)$/.test(name) && !name.includes("node_modules"))
      files.set(`${folder}/${name}`, await readFile(join(ROOT, folder, name), "utf8"));

const faults = faultsOf(files);
for (const { file, line, says } of faults) console.error(`${file}:${line} ${says}`);
console.log(`Structure of ${files.size} files: ${faults.length} faults.`);
process.exitCode = faults.length === 0 ? 0 : 1;
