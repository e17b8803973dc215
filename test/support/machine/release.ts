import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { temporaryFolder } from "./folder.ts";
import { ROOT } from "./paths.ts";

let unpacked: string | undefined;

/**
 * The Worker of release 0.1.0 as it was deployed (test/fixtures/README.md): for the stores that it
 * made, and for a deployment that goes on step by step. Returns its path.
 */
export function releaseBundle(): string {
  if (unpacked !== undefined) return unpacked;
  const packed = join(ROOT, "test", "fixtures", "release-0.1.0", "index.js.gz");
  unpacked = join(temporaryFolder(), "release-0.1.0.js");
  writeFileSync(unpacked, gunzipSync(readFileSync(packed)));
  return unpacked;
}
