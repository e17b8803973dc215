import { Crowd, type CrowdSize } from "../load/crowd.ts";
import { requireExactlyOnce } from "../load/exactly-once.ts";
import type { Running, Server } from "../servers/server.ts";

/**
 * Starts a server, lets a crowd in, does the work, and ends both whatever becomes of it. What comes
 * after the work must still leave every message delivered exactly once.
 */
export async function withCrowd<T>(
  start: Pick<Server, "start">,
  size: CrowdSize,
  work: (running: Running, crowd: Crowd) => Promise<T>,
): Promise<T> {
  return withServer(start, async (running) => {
    const crowd = await Crowd.gather(running.dialect, size);
    try {
      const result = await work(running, crowd);
      await crowd.settle();
      requireExactlyOnce(crowd);
      return result;
    } finally {
      crowd.leave();
    }
  });
}

/** Starts a server, does the work, and ends it. */
export async function withServer<T>(
  { start }: Pick<Server, "start">,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await start();
  try {
    return await work(running);
  } catch (error) {
    if (error instanceof Error && running.output !== "") {
      error.message += `\nThe server said: ${running.output.slice(-1_000)}`;
    }
    throw error;
  } finally {
    await running.stop();
  }
}
