import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs around all process tests: whatever they and their servers put among the temporary files lies in
 * one folder and is gone afterwards. A test runner's process may be ended before its own handlers run.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "hibiki-process-"));
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
