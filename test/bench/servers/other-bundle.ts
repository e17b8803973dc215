import { existsSync } from "node:fs";
import { basename } from "node:path";
import { releaseBundle } from "../../support/machine/release.ts";
import { LAST_RELEASE, misuse } from "../options.ts";
import type { Server } from "./server.ts";

/**
 * The same server with another bundle of ours, for what must not have become worse: one that a commit
 * built (`wrangler deploy --dry-run --outdir <folder>`), or that of the last release.
 *
 * @param against a file, or `LAST_RELEASE`.
 * @throws {Error} when there is no such file.
 */
export function withBundle(server: Server, against: string): Server {
  const isRelease = against === LAST_RELEASE;
  if (!isRelease && !existsSync(against)) throw misuse(`There is no bundle ${against}.`);
  const name = isRelease ? against : basename(against, ".js");
  return {
    ...server,
    name: `${server.name}@${name}`,
    marks: `${server.marks}; ${isRelease ? "release " : ""}${name}`,
    start: () => server.start(isRelease ? releaseBundle() : against),
  };
}
