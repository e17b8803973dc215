import { freePort } from "../../support/machine/port.ts";
import type { Dialect } from "../load/dialect.ts";
import { startNodePeer } from "./node-peer.ts";
import { Running, type Server } from "./server.ts";

/** A dialect of servers that pass text on as it is. */
export function rawDialect(port: number, target: string): Dialect {
  return {
    entrance: () => ({ port, target, headers: {} }),
    message: (_id, content) => content,
  };
}

/** The `ws` package with the loop of its README. */
export const ws: Server = {
  name: "ws",
  marks: "no history, no acks, no durability",
  start: async () => {
    const port = await freePort();
    return new Running(rawDialect(port, "/"), port, [await startNodePeer("ws-peer", port)]);
  },
};
