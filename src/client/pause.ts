import type { Environment } from "./environment.ts";

/** Resolves after so many milliseconds. */
export function pause(environment: Environment, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    environment.after(delayMs, resolve);
  });
}
