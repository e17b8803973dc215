import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PARENT_CHECK_MS = 500;

/**
 * Ends the bench at a signal, with the shell's code for it. Under npm the parent is the shell that
 * npm runs the script in. npm ends that shell when it is told to end, and the shell passes nothing
 * on, so its end counts as SIGTERM. SIGKILL for npm alone leaves the shell, and the bench, running.
 */
export function endWhenInterrupted(): void {
  for (const signal of SIGNALS) process.on(signal, () => end(signal));
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) end("SIGTERM");
  };
  setInterval(check, PARENT_CHECK_MS).unref();
}

function end(signal: (typeof SIGNALS)[number]): void {
  console.error(`interrupted (${signal})`);
  process.exit(128 + constants.signals[signal]);
}
