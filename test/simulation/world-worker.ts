import { inspect } from "node:util";
import { parentPort } from "node:worker_threads";
import type { Account } from "./account.ts";
import { World } from "./world.ts";

/** A world to be lived through. */
export interface Task {
  readonly seed: number;
  readonly hours: number;
}

/** How it ended: every promise was kept, or the story of the one that was not. */
export type Ending =
  | { readonly kept: true; readonly account: Account }
  | { readonly kept: false; readonly story: string };

parentPort?.on("message", async (task: Task) => parentPort?.postMessage(await endingOf(task)));

async function endingOf({ seed, hours }: Task): Promise<Ending> {
  const world = new World(seed, hours);
  try {
    return { kept: true, account: await world.run() };
  } catch (error) {
    return { kept: false, story: storyOf(world, error) };
  }
}

function storyOf({ seed, trace, hoursLived }: World, error: unknown): string {
  return [
    ...trace.last.map((line) => line.slice(0, 240)),
    inspect(error),
    `Seed ${seed} failed after ${hoursLived.toFixed(2)} hours, at step ${trace.lines}.`,
  ].join("\n");
}
