import { pause } from "../../support/pause.ts";

const LOOK_EVERY_MS = 5;

/** Waits for a condition; fails after `withinMs` with what `seen` tells. */
export async function until(
  condition: () => boolean,
  seen: () => unknown = () => condition.toString(),
  withinMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Never came: ${JSON.stringify(seen())}`);
    await pause(LOOK_EVERY_MS);
  }
}
