import { cpSync } from "node:fs";
import { join } from "node:path";
import { BareServer } from "../process/support/bare-server.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { Child } from "../support/machine/child.ts";
import { removeFolder, temporaryFolder } from "../support/machine/folder.ts";
import { ROOT } from "../support/machine/paths.ts";
import { freePort, untilListening } from "../support/machine/port.ts";
import { Server } from "../support/server.ts";
import { install } from "./install.ts";
import type { Pair } from "./options.ts";
import { SOCKETIO_VERSION, type SuiteName } from "./suites.ts";

/** A server that runs the app of a suite. */
export interface Judged {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Ends it for good. */
  stop(): Promise<void>;
}

const FIXTURES = join(ROOT, "test", "fixtures");

/** How our Worker is to be for a suite. */
interface Worker {
  /** Its entry. */
  readonly file: string;
  /** Settings, by which a suite measures time. */
  readonly vars: Readonly<Record<string, string>>;
}

const QUICK = { SOCKETIO_PING_INTERVAL_MS: "300", SOCKETIO_PING_TIMEOUT_MS: "200" };

const WORKERS: Readonly<Record<SuiteName, Worker>> = {
  engine: { file: join(FIXTURES, "socketio", "echo-worker.ts"), vars: QUICK },
  socketio: { file: join(FIXTURES, "socketio", "protocol-worker.ts"), vars: QUICK },
  client: {
    file: join(FIXTURES, "socketio", "client-worker.ts"),
    vars: { SOCKETIO_PING_INTERVAL_MS: "2000" },
  },
};

/** Starts what is judged. `folder` is the suite's, ready to run. */
export function start({ suite, server }: Pair, folder: string): Promise<Judged> {
  if (server === "node") return suite === "client" ? startOfClient(folder) : startReference(suite);
  const { file, vars } = WORKERS[suite];
  const bundle = bundleOf(file, modulesOf(folder));
  if (server === "workerd") return BareServer.start(vars, { socketio: true, bundle });
  const project = temporaryFolder();
  cpSync(bundle, join(project, "worker.js"));
  cpSync(join(FIXTURES, "socketio", "wrangler.toml"), join(project, "wrangler.toml"));
  return Server.start(vars, { folder: project, base: "" });
}

/** What a Worker may take from a suite's folder, and what stands there for packages of Node. */
function modulesOf(folder: string): Readonly<Record<string, string>> {
  return {
    "suite-server": join(folder, "test", "support", "server.ts"),
    "expect.js": join(FIXTURES, "socketio", "expectation.cjs"),
    "socket.io": join(FIXTURES, "socketio", "current-server.ts"),
  };
}

/** Socket.IO's own server with the app of a protocol's suite. */
async function startReference(suite: "engine" | "socketio"): Promise<Judged> {
  const folder = temporaryFolder();
  cpSync(join(import.meta.dirname, "reference"), folder, { recursive: true });
  await install(folder, "install", `socket.io@${SOCKETIO_VERSION}`);
  const judged = await startNode(folder, [`${suite}.mjs`]);
  return {
    url: judged.url,
    stop: async () => {
      await judged.stop();
      removeFolder(folder);
    },
  };
}

/** The client's suite has its server beside it, which listens on a port that is written there. */
function startOfClient(folder: string): Promise<Judged> {
  const app = `
    const { Server } = require("socket.io");
    const { attach } = Server.prototype;
    Server.prototype.attach = function (_port, options) {
      return attach.call(this, Number(process.env.PORT), options);
    };
    require("./test/support/server.ts").createServer();`;
  return startNode(folder, ["--import=tsx", "--eval", app]);
}

async function startNode(folder: string, args: readonly string[]): Promise<Judged> {
  const port = await freePort();
  const child = Child.start(process.execPath, args, { cwd: folder, env: { PORT: String(port) } });
  try {
    await untilListening(port, child);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, stop: () => child.stop() };
}
