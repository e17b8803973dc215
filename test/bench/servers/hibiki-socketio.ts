import { join } from "node:path";
import { shippedBundle, workerBundle } from "../../support/machine/bundle.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort } from "../../support/machine/port.ts";
import { startWorkerd } from "../../support/machine/workerd.ts";
import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import { PING_TIMEOUT_MS } from "../peers/ping-timeout.ts";
import { AUTH_SECRET } from "./hibiki-dialect.ts";
import { hibikiSocketioDialect } from "./hibiki-socketio-dialect.ts";
import { Running, type Server } from "./server.ts";

const MARKS =
  "two events a message, each with the sender, time, number and place; durable, acked, history, presence, recovery";

const VARS = {
  AUTH_SECRET,
  ...RAISED_LIMITS,
  SOCKETIO_PING_TIMEOUT_MS: String(PING_TIMEOUT_MS),
};

/** How the default app of Socket.IO is served. */
export interface SocketioServing {
  /** The bundle it runs, as a path; the shipped one when absent. */
  readonly bundle?: string | undefined;
  readonly vars?: Readonly<Record<string, string>>;
  /** Counts what is billed of its rooms (workers/counting-objects.ts). */
  readonly counting?: boolean;
  /** What is said: chat messages when absent. */
  readonly says?: "messages" | "values";
}

/** Worker and rooms in one process, as who hosts it himself has them. */
export const hibikiSocketio: Server = {
  name: "hibiki-socketio",
  marks: `${MARKS}; one process`,
  isOurs: true,
  start: startWhole,
};

/** Worker and rooms in a process each, with TCP between them, as the platform has them apart. */
export const hibikiSocketioSplit: Server = {
  name: "hibiki-socketio-split",
  marks: `${MARKS}; two processes`,
  isOurs: true,
  start: (bundle) => startSplit({ bundle }),
};

async function startWhole(given?: string): Promise<Running> {
  const port = await freePort();
  const folder = temporaryFolder();
  const child = await startWorkerd({
    folder,
    port,
    modules: { "index.js": given ?? (await shippedBundle()) },
    className: "RoomObject",
    binding: "ROOM",
    moreClasses: { METRICS: "MetricsObject", SOCKETIO: "SocketioObject" },
    vars: VARS,
  });
  return new Running(hibikiSocketioDialect(port, "messages"), port, [child], folder);
}

/** Starts the rooms, and the Worker in front of them. */
export async function startSplit(serving: SocketioServing): Promise<Running> {
  const { vars, counting = false, says = "messages" } = serving;
  const bundle = serving.bundle ?? (await shippedBundle());
  const settings = { vars: { ...VARS, ...vars } };
  const folder = temporaryFolder();
  const rooms = {
    ...settings,
    folder: join(folder, "rooms"),
    port: await freePort(),
    modules: {
      "entry.js": workerBundle(counting ? "counting-objects" : "split-rooms"),
      "index.js": bundle,
    },
    className: "RoomObject",
    binding: "ROOM",
    moreClasses: { METRICS: "MetricsObject" },
  };
  const worker = {
    ...settings,
    folder: join(folder, "worker"),
    port: await freePort(),
    modules: { "entry.js": workerBundle("split-worker"), "index.js": bundle },
    className: "SocketioObject",
    binding: "SOCKETIO",
    services: { ROOMS: rooms.port },
  };
  const behind = await startWorkerd(rooms);
  const front = await startWorkerd(worker);
  const dialect = hibikiSocketioDialect(worker.port, says);
  return new Running(dialect, worker.port, [front, behind], folder, ["worker", "rooms"]);
}
