import { join } from "node:path";
import { Child } from "./machine/child.ts";
import { removeFolder, temporaryFolder } from "./machine/folder.ts";
import { ROOT } from "./machine/paths.ts";
import { freePort, isFree } from "./machine/port.ts";
import { pause } from "./pause.ts";

/** Secrets of the servers that tests start. */
export const SECRETS = {
  AUTH_SECRET: "a-secret-of-the-process-tests-and-nothing-else",
  API_KEY: "an-api-key-of-the-process-tests-and-nothing-else",
} as const;

const START_TIMEOUT_MS = 60_000;

/**
 * wrangler restarts its workerd when the custom build is done, on the port that the system gave the
 * first one (miniflare keeps it); whoever took that port in between ends it. Nothing of ours fails.
 */
const LOST_PORT = "Address already in use";
const MAX_STARTS = 3;

/** A test's people share one address and often one name; what one of them says keeps its limits. */
const CROWD = {
  LIMIT_CONNECTIONS_PER_USER: "0",
  LIMIT_CONNECTIONS_PER_IP: "1000",
  LIMIT_JOINS_PER_MINUTE: "0",
  LIMIT_REQUESTS_PER_MINUTE: "0",
} as const;

/** Which project is served, when it is not this one. */
export interface Place {
  readonly folder: string;
  /** The path below which the API is mounted there. */
  readonly base: string;
}

/** A real `wrangler dev` on a port and data folder of its own, which can be killed and come back. */
export class Server {
  readonly port: number;
  readonly #data = temporaryFolder();
  readonly #vars: Readonly<Record<string, string>>;
  readonly #place: Place;
  #child: Child | undefined;
  /** Everything that it printed, over all its lives. */
  output = "";

  private constructor(port: number, vars: Readonly<Record<string, string>>, place: Place) {
    this.port = port;
    this.#place = place;
    this.#vars = { ...SECRETS, GUESTS: "on", ...CROWD, ...vars };
  }

  /** Starts one and waits until it answers. `vars` are settings. */
  static async start(
    vars: Readonly<Record<string, string>> = {},
    place: Place = { folder: ROOT, base: "" },
  ): Promise<Server> {
    const server = new Server(await freePort(), vars, place);
    await server.up();
    return server;
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, again on the same port and data after {@link kill}. */
  async up(): Promise<void> {
    for (let start = 1; ; start += 1) {
      const before = this.output.length;
      const lostPort = () => this.output.slice(before).includes(LOST_PORT);
      this.#spawn();
      if (await this.#isHealthy(lostPort)) return;
      if (start === MAX_STARTS || !lostPort())
        throw new Error(`The server did not start:\n${this.output}`);
      await this.kill();
    }
  }

  #spawn(): void {
    const vars = Object.entries(this.#vars).flatMap(([name, value]) => [
      "--var",
      `${name}:${value}`,
    ]);
    const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
    const args = ["dev", "--ip", "127.0.0.1", "--port", String(this.port), "--inspector-port", "0"];
    this.#child = Child.start(
      process.execPath,
      [wrangler, ...args, "--persist-to", this.#data, ...vars],
      {
        ownGroup: true,
        cwd: this.#place.folder,
        env: { CI: "true", WRANGLER_SEND_METRICS: "false" },
        heard: (text) => {
          this.output += text;
        },
      },
    );
  }

  /** Ends it and everything it started with SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    // It may have ended by itself already.
    if (child?.isAlive !== true) return;
    await child.stop("SIGKILL");
    while (!(await isFree(this.port))) await pause(20);
  }

  /**
   * Starts it again where it has ended by itself, as `wrangler dev` 4.124 does now and then over requests
   * at once, whatever the Worker (workers-sdk#15317); says so, and what it printed last.
   *
   * @returns whether it had.
   */
  async revive(): Promise<boolean> {
    if (this.#child === undefined || this.#child.isAlive) return false;
    console.warn(`The server on ${this.port} ended by itself:\n${this.output.slice(-2_000)}`);
    while (!(await isFree(this.port))) await pause(20);
    await this.up();
    return true;
  }

  /** Ends it for good and drops its data. */
  async stop(): Promise<void> {
    await this.kill();
    removeFolder(this.#data);
  }

  /** Waits until it answers; not when it never does or `isHopeless` says so. */
  async #isHealthy(isHopeless: () => boolean): Promise<boolean> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && !isHopeless()) {
      const healthy = await fetch(`${this.url}${this.#place.base}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) return true;
      await pause(100);
    }
    return false;
  }
}
