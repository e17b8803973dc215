import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { pause } from "../pause.ts";
import type { Child } from "./child.ts";

const START_TIMEOUT_MS = 60_000;

/**
 * Below what systems give to whoever asks for any port (Linux from 32768, IANA from 49152): between
 * our look and the server's `bind`, seconds later, no outgoing connection takes it.
 */
const PORTS = { first: 10_240, last: 32_767 } as const;

/** Not twice in one process, though its server does not listen yet. */
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody has, and nobody is given by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.last + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Whether nobody listens there. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
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
