import { within } from "./deadline.ts";
import type { Environment } from "./environment.ts";

/** Resolves after so many milliseconds, or as soon as the signal is aborted. */
export async function pause(
  environment: Environment,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const never = new Promise<never>(() => {});
  await within(environment, never, { timeoutMs: delayMs, signal }, () => new Error()).catch(
    () => {},
  );
}
