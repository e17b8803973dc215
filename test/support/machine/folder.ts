import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keep, release } from "./keeper.ts";

/** Makes a folder that is gone when this process is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hibiki-"));
  keep({ kind: "folder", folder });
  return folder;
}

/** Removes one. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  release({ kind: "folder", folder });
}
