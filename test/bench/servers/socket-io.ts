import { Child } from "../../support/machine/child.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort, untilListening } from "../../support/machine/port.ts";
import type { Dialect } from "../load/dialect.ts";
import { requireDebian } from "../machine/debian.ts";
import { hibikiSocketioDialect } from "./hibiki-socketio-dialect.ts";
import { startNodePeer } from "./node-peer.ts";
import { Running, type Server } from "./server.ts";

const MARKS = "no history, no durability; acks not used";
const REDIS = { path: "/usr/bin/redis-server", packageName: "redis-server" };

/** Engine.IO 4 and Socket.IO 5 over WebSocket alone; connections take turns among the nodes. */
function socketIoDialect(ports: readonly number[]): Dialect {
  return {
    entrance: (index) => ({
      port: ports[index % ports.length] ?? 0,
      target: "/socket.io/?EIO=4&transport=websocket",
      headers: {},
    }),
    greeting: "40",
    welcome: `40{"sid"`,
    message: (_id, content) => `42["message","${content}"]`,
    pinged: { byte: "2".charCodeAt(0), reply: "3" },
  };
}

/** One node. */
export const socketIo: Server = {
  name: "socket.io",
  marks: MARKS,
  start: async () => {
    const port = await freePort();
    return new Running(socketIoDialect([port]), port, [
      await startNodePeer("socket-io-peer", port),
    ]);
  },
};

/** One node that tells each message as Hibiki's default app does: the same two events, and an ack. */
export const socketIoChat: Server = {
  name: "socket.io-chat",
  marks: "the same events with the same fields, and acks; no history, no durability, no checks",
  start: async () => {
    const port = await freePort();
    return new Running(hibikiSocketioDialect(port, "messages"), port, [
      await startNodePeer("socket-io-chat-peer", port),
    ]);
  },
};

/** One node that keeps what clients missed, in its memory: each event has its place, as with us. */
export const socketIoRecovery: Server = {
  name: "socket.io-recovery",
  marks: "connection state recovery in memory; no durability; acks not used",
  start: async () => {
    const port = await freePort();
    const env = { RECOVERY: "on" };
    return new Running(socketIoDialect([port]), port, [
      await startNodePeer("socket-io-peer", port, env),
    ]);
  },
};

/** One node that passes on where cursors are, and lets go of what a socket does not take at once. */
export const socketIoVolatile: Server = {
  name: "socket.io-volatile",
  marks: "`volatile.broadcast.emit`, told to the others; newcomers are told nothing",
  start: async () => {
    const port = await freePort();
    const cursors: Dialect = {
      ...socketIoDialect([port]),
      message: (_id, content) => `42["cursor","${content}"]`,
      isUnanswered: true,
      skipsSender: true,
    };
    return new Running(cursors, port, [await startNodePeer("socket-io-peer", port)]);
  },
};

/** Two nodes with the Redis adapter, and the Redis between them; all three are counted. */
export const socketIoRedis: Server = {
  name: "socket.io+redis",
  marks: `${MARKS}; two nodes and a redis-server, all counted`,
  start: async () => {
    requireDebian([REDIS]);
    const folder = temporaryFolder();
    const redisPort = await freePort();
    const network = ["--port", String(redisPort), "--bind", "127.0.0.1", "--dir", folder];
    const redis = Child.start(REDIS.path, [...network, "--save", "", "--appendonly", "no"]);
    await untilListening(redisPort, redis);
    const env = { REDIS_URL: `redis://127.0.0.1:${redisPort}` };
    const ports = [await freePort(), await freePort()];
    const nodes = [];
    for (const port of ports) nodes.push(await startNodePeer("socket-io-peer", port, env));
    return new Running(socketIoDialect(ports), ports[0] ?? 0, [redis, ...nodes], folder);
  },
};
