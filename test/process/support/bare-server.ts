import { shippedBundle } from "../../support/machine/bundle.ts";
import { type Child, killAll } from "../../support/machine/child.ts";
import { removeAllFolders, removeFolder, temporaryFolder } from "../../support/machine/folder.ts";
import { freePort } from "../../support/machine/port.ts";
import { type Usage, usageOf } from "../../support/machine/process-tree.ts";
import { dataFolder, startWorkerd, UNIQUE_KEY } from "../../support/machine/workerd.ts";
import { SECRETS } from "../../support/server.ts";

// Neither a process nor a folder outlives the run, however it ends.
process.once("exit", () => {
  killAll();
  removeAllFolders();
});

/** The shipped bundle on bare workerd: killed and back in well under a second. */
export class BareServer {
  readonly port: number;
  readonly folder: string;
  readonly #vars: Readonly<Record<string, string>>;
  #child: Child | undefined;
  /** Everything that it printed, over all its lives. */
  output = "";

  private constructor(port: number, folder: string, vars: Readonly<Record<string, string>>) {
    this.port = port;
    this.folder = folder;
    this.#vars = {
      ...SECRETS,
      LIMIT_CONNECTIONS_PER_IP: "32000",
      LIMIT_FRAMES_PER_SECOND: "100000",
      LIMIT_FRAMES_BURST: "100000",
      ...vars,
    };
  }

  /** Starts one on a port and, unless told which, a data folder of its own. `vars` are settings (CONTRACT §12). */
  static async start(
    vars: Readonly<Record<string, string>> = {},
    folder = temporaryFolder(),
  ): Promise<BareServer> {
    const server = new BareServer(await freePort(), folder, vars);
    await server.up();
    return server;
  }

  /** Where it answers HTTP, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isAlive(): boolean {
    return this.#child?.isAlive === true;
  }

  /** The folder of the rooms' SQLite files. */
  get data(): string {
    return `${dataFolder(this.folder)}/${UNIQUE_KEY}`;
  }

  usage(): Usage {
    return usageOf(this.#child === undefined ? [] : [this.#child.pid]);
  }

  /** Starts it, again on the same port and data after {@link kill}. */
  async up(): Promise<void> {
    this.#child = await startWorkerd({
      folder: this.folder,
      port: this.port,
      modules: { "index.js": await shippedBundle() },
      className: "RoomObject",
      binding: "ROOM",
      vars: this.#vars,
      heard: (text) => {
        this.output += text;
      },
    });
  }

  /** Ends it with SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    await this.#child?.stop("SIGKILL");
  }

  /** Ends it for good and drops its data. */
  async stop(): Promise<void> {
    await this.kill();
    removeFolder(this.folder);
  }
}
