import { readFileSync } from "node:fs";

/**
 * Makes sure that enough files can be open. Node has raised its own soft limit to the hard one at
 * the start, and children inherit it, so a short limit can only be told.
 */
export function requireOpenFiles(needed: number): void {
  const line = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  const soft = line?.[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(line?.[1]);
  if (soft >= needed) return;
  throw new Error(
    `This needs ${needed} open files and ${soft} are allowed: run \`ulimit -n ${needed}\` first (as root if the hard limit is in the way).`,
  );
}
