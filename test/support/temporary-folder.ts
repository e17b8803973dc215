import { temporaryFolder } from "./machine/folder.ts";

/**
 * Runs before all tests that start servers: whatever they and their servers put among the temporary
 * files lies in one folder, which is gone when the run is, after an interrupt too.
 */
export function setup(): void {
  process.env["TMPDIR"] = temporaryFolder();
}
