import { readFileSync, writeFileSync } from "node:fs";
import { withDescendants } from "./process-tree.ts";

/** What /proc/<pid>/clear_refs takes for "let the peak begin anew" (proc(5)). */
const CLEAR_PEAK = "5";

/** The most memory that these processes and all they started have had, from the kernel's own books. */
export function peakOf(roots: readonly number[]): number {
  let bytes = 0;
  for (const pid of withDescendants(roots)) {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    bytes += Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
  }
  return bytes;
}

/** Lets the peak begin anew, with what they have now. */
export function forgetPeakOf(roots: readonly number[]): void {
  for (const pid of withDescendants(roots)) writeFileSync(`/proc/${pid}/clear_refs`, CLEAR_PEAK);
}
