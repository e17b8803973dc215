import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set<string>();

/** Makes a folder that is gone when this process is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hibiki-bench-"));
  folders.add(folder);
  return folder;
}

/** Removes one. */
export function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Removes what is left. Synchronous, for an exit handler. */
export function removeAllFolders(): void {
  for (const folder of folders) removeFolder(folder);
}
