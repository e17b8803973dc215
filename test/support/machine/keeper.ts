import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { pause } from "../pause.ts";
import { endTree } from "./process-tree.ts";

// A test runner's worker is ended by a signal that it cannot handle, and Ctrl-C ends it so too. So
// what must not outlive it is kept by a process of its own, this file run as a program: the two
// share a pipe, which the kernel closes however the worker ends.

/** What must not outlive this process: a process with all it started, a mount, a folder. */
export type Kept =
  | { readonly kind: "process"; readonly pid: number }
  | { readonly kind: "mount"; readonly folder: string }
  | { readonly kind: "folder"; readonly folder: string };

const REMOVE_WITHIN_MS = 20_000;
const REMOVE_EVERY_MS = 100;

let keeper: Socket | undefined;

/** Has it ended or removed when this process is gone, however that ends. */
export function keep(kept: Kept): void {
  tell("keep", kept);
}

/** Forgets it: it has ended, or is removed. */
export function release(kept: Kept): void {
  tell("release", kept);
}

function tell(verb: Verb, kept: Kept): void {
  keeper ??= startKeeper();
  keeper.write(`${verb} ${JSON.stringify(kept)}\n`);
}

type Verb = "keep" | "release";

function startKeeper(): Socket {
  const child = spawn(process.execPath, [import.meta.filename], {
    // In a session of its own, where a signal to this process and its group does not reach it.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const pipe = child.stdin as Socket;
  child.unref();
  pipe.unref();
  // A worker stays for good when its runner alone is killed: what it keeps would stay too.
  process.once("disconnect", () => process.exit());
  return pipe;
}

/** Takes down what it is told until the pipe ends, then ends and removes what is left. */
async function watch(): Promise<void> {
  const left = new Map<string, Kept>();
  for await (const line of createInterface({ input: process.stdin })) {
    const at = line.indexOf(" ");
    const what = line.slice(at + 1);
    if (line.slice(0, at) === "keep") left.set(what, JSON.parse(what) as Kept);
    else left.delete(what);
  }
  const kept = [...left.values()];
  // In this order: nobody writes any more where a mount or a folder is taken away.
  for (const one of kept) if (one.kind === "process") endTree(one.pid);
  for (const one of kept) if (one.kind === "mount") unmount(one.folder);
  for (const one of kept) if (one.kind === "folder") await remove(one.folder);
}

/** Takes a mount away even while somebody has a file open there. */
export function unmount(folder: string): void {
  spawnSync("umount", ["-l", folder]);
}

/**
 * Removes a folder, in as many tries as it takes: what another keeper keeps may lie in it too, written
 * to until that has ended it, and gone under our hands when that removes it.
 */
async function remove(folder: string): Promise<void> {
  const deadline = performance.now() + REMOVE_WITHIN_MS;
  while (existsSync(folder) && performance.now() < deadline) {
    await rm(folder, { recursive: true, force: true }).catch(() => pause(REMOVE_EVERY_MS));
  }
}

if (import.meta.main) await watch();
