import { readdirSync, readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`). */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** CPU time and memory of processes. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** What these processes and all they started have used so far, from /proc. */
export function usageOf(roots: readonly number[]): Usage {
  let cpuMs = 0;
  let rssBytes = 0;
  for (const pid of withDescendants(roots)) {
    const stat = readStat(pid);
    if (stat === undefined) continue;
    cpuMs += stat.cpuMs;
    rssBytes += stat.rssBytes;
  }
  return { cpuMs, rssBytes };
}

/**
 * Memory of these processes and all they started, in bytes: what each has for itself and its part of
 * what it shares (`Pss`, proc_pid_smaps_rollup(5)). It takes the kernel a walk over all pages.
 */
export function memoryOf(roots: readonly number[]): number {
  let kib = 0;
  for (const pid of withDescendants(roots)) kib += pssKib(pid);
  return kib * 1024;
}

/** Everything that runs under these processes, they included. */
export function withDescendants(roots: readonly number[]): ReadonlySet<number> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = readStat(pid)?.parent;
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = new Set(roots);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return found;
}

/**
 * Ends a process and all it has started with SIGKILL, and its group where it leads one: those who
 * have lost their parent are found by that alone.
 */
export function endTree(root: number): void {
  for (const pid of [-root, ...withDescendants([root])]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended first, or leads no group.
    }
  }
}

interface Stat extends Usage {
  readonly parent: number;
}

function readStat(pid: number): Stat | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // proc(5): the name in parentheses may hold spaces, so fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return {
    parent: field(4),
    cpuMs: (field(14) + field(15)) * TICK_MS,
    rssBytes: field(24) * PAGE_BYTES,
  };
}

function pssKib(pid: number): number {
  const text = textOf(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text ?? "")?.[1] ?? 0);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // The process has ended since it was listed.
    return undefined;
  }
}
