import { pause } from "./pause.ts";

/** Waits until something is so, and no longer than `timeoutMs`: the caller looks what became of it. */
export async function until(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!isSo() && performance.now() < deadline) await pause(1);
}
