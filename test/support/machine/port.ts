import { connect, createServer } from "node:net";
import { pause } from "../pause.ts";
import type { Child } from "./child.ts";

const START_TIMEOUT_MS = 60_000;

/** A port of 127.0.0.1 that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

/** Waits until somebody listens there; fails with what the child said when it ends first. */
export async function untilListening(port: number, child: Child): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.isAlive) {
    if (await answers(port)) return;
    await pause(50);
  }
  throw new Error(`Nothing listens on port ${port}:\n${child.output}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
