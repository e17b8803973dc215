import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, SECRETS } from "./server.ts";

const START_TIMEOUT_MS = 30_000;

/** Bare workerd with the bundle that a deployment uploads: no proxy and no inspector in between. */
export class BareServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  /** Everything that it printed. */
  output = "";

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** Builds and starts one, and waits until it answers. `vars` are settings (CONTRACT §12). */
  static async start(vars: Readonly<Record<string, string>> = {}): Promise<BareServer> {
    const server = new BareServer(await freePort(), mkdtempSync(join(tmpdir(), "hibiki-bare-")));
    await server.#up({ ...SECRETS, ...vars });
    return server;
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it for good and drops its data. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.pid !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #up(vars: Readonly<Record<string, string>>): Promise<void> {
    const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
    execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", this.#folder], {
      env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" },
      stdio: "ignore",
    });
    mkdirSync(join(this.#folder, "data"));
    const config = join(this.#folder, "config.capnp");
    writeFileSync(config, this.#config(vars));
    const child = spawn(join("node_modules", "workerd", "bin", "workerd"), ["serve", config], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      const healthy = await fetch(`${this.url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The server did not start:\n${this.output}`);
  }

  #config(vars: Readonly<Record<string, string>>): string {
    const settings = readFileSync("wrangler.toml", "utf8");
    const date = /^compatibility_date = (".+")/m.exec(settings)?.[1];
    const flags = /^compatibility_flags = (\[.*\])/m.exec(settings)?.[1] ?? "[]";
    const texts = Object.entries(vars).map(
      ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
    );
    return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .w),
    (name = "disk", disk = (path = ${JSON.stringify(join(this.#folder, "data"))}, writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:${this.port}", http = (), service = "main") ]);
const w :Workerd.Worker = (
  modules = [ (name = "index.js", esModule = embed "index.js") ],
  compatibilityDate = ${date}, compatibilityFlags = ${flags},
  durableObjectNamespaces = [ (className = "RoomObject", uniqueKey = "room", enableSql = true) ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${['(name = "ROOM", durableObjectNamespace = "RoomObject")', ...texts].join(", ")} ]);
`;
  }
}
