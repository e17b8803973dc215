import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Ending, Task } from "./world-worker.ts";

/** How long one world lasts, in hours: what fails is replayed in seconds. */
const WORLD_HOURS = 40;

const { seed, hours } = readArguments();
console.log(`simulate: seed ${seed}, ${hours} hours in worlds of ${WORLD_HOURS}`);
const tasks = Array.from({ length: Math.ceil(hours / WORLD_HOURS) }, (_, index): Task => {
  return { seed: seed + index, hours: Math.min(WORLD_HOURS, hours - index * WORLD_HOURS) };
});
const startedAt = performance.now();
const waiting = [...tasks];
let lived = 0;
await Promise.all(Array.from({ length: Math.min(availableParallelism(), tasks.length) }, live));
const seconds = (performance.now() - startedAt) / 1_000;
console.log(`simulate: ${lived} hours in ${seconds.toFixed(1)} s, every promise kept`);

function readArguments(): Task {
  const { values } = parseArgs({
    options: { seed: { type: "string" }, hours: { type: "string", default: "1000" } },
  });
  // Another one each time, so that each run looks where none has.
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const hours = Number(values.hours);
  if (!Number.isSafeInteger(seed) || !(hours > 0)) {
    throw new Error("Use: npm run simulate -- [--seed <whole number>] [--hours <above 0>]");
  }
  return { seed, hours };
}

/** One thread: lives through one world after the other. */
async function live(): Promise<void> {
  const thread = new Worker(new URL("world-worker.ts", import.meta.url));
  for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
    const ending = await endingOf(task, thread);
    if (ending.kept) {
      lived += task.hours;
      console.log(JSON.stringify(ending.account));
    } else {
      console.error(ending.story);
      console.error(`Again: npm run simulate -- --seed ${task.seed} --hours ${task.hours}`);
      process.exit(1);
    }
  }
  await thread.terminate();
}

async function endingOf(task: Task, thread: Worker): Promise<Ending> {
  thread.postMessage(task);
  // Rejects when the thread itself fails.
  const [ending] = await once(thread, "message");
  return ending;
}
