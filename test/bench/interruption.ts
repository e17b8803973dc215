import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PARENT_CHECK_MS = 500;

/**
 * Ends the bench at a signal, with the shell's code for it; exit handlers clean up. npm does not
 * pass on every signal that ends it, so under npm the end of the parent counts as SIGTERM.
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
