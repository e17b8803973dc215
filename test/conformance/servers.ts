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
import { SOCKETIO_VERSION } from "./suites.ts";

/** A server that runs the app of a suite. */
export interface Judged {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Our Worker with the echo app that Engine.IO's suite wants. */
const ECHO = join(ROOT, "test", "fixtures", "engine");
/** As the suites want them, by which they measure time. */
const PINGS = { SOCKETIO_PING_INTERVAL_MS: "300", SOCKETIO_PING_TIMEOUT_MS: "200" } as const;

/** Starts what is judged. `folder` is the suite's, ready to run. */
export function start({ suite, server }: Pair, folder: string): Promise<Judged> {
  switch (server) {
    case "workerd":
      return BareServer.start(PINGS, {
        socketio: true,
        bundle: bundleOf(join(ECHO, "echo-worker.ts")),
      });
    case "wrangler":
      return Server.start(PINGS, { folder: ECHO, base: "" });
    case "node":
      return suite === "client" ? startOfClient(folder) : startReference(suite);
  }
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
