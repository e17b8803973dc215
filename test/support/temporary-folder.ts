import { removeFolder, temporaryFolder } from "./machine/folder.ts";

/**
 * Runs around all tests that start servers: whatever they and their servers put among the temporary
 * files lies in one folder, which is gone afterwards, after an interrupt too.
 */
export function setup(): () => void {
  const folder = temporaryFolder();
  process.env["TMPDIR"] = folder;
  return () => removeFolder(folder);
}
