import { shippedBundle } from "../../support/machine/bundle.ts";
import type { Child } from "../../support/machine/child.ts";
import { removeFolder, temporaryFolder } from "../../support/machine/folder.ts";
import { forgetPeakOf, peakOf } from "../../support/machine/peak-memory.ts";
import { freePort } from "../../support/machine/port.ts";
import { type Usage, usageOf } from "../../support/machine/process-tree.ts";
import { dataFolder, startWorkerd, UNIQUE_KEY } from "../../support/machine/workerd.ts";
import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import { SECRETS } from "../../support/server.ts";

/** How a bare server is started, beside its settings. */
export interface BareServerOptions {
  /** For its data; unless told, one of its own. */
  readonly folder?: string;
  /** The bundle it runs at first, as a path; the shipped one when absent. */
  readonly bundle?: string;
  /** The bundle its objects run, as a path, where that is another. */
  readonly objectsBundle?: string;
  /** Where the Worker of that bundle answers as well: two Workers share the objects. */
  readonly objectsPort?: number;
  /** What it obeys where `vars` say nothing; unless told, raised limits. */
  readonly limits?: "raised" | "default";
  /** Whether it has documents; a release before them has no such class. */
  readonly documents?: boolean;
  /** Whether clients of Socket.IO may poll; a release before them has no such class. */
  readonly socketio?: boolean;
  /** Variables of its process, beside those of this one. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The shipped bundle on bare workerd: killed and back in well under a second. */
export class BareServer {
  readonly port: number;
  readonly folder: string;
  readonly #vars: Readonly<Record<string, string>>;
  readonly #env: Readonly<Record<string, string>>;
  readonly #objectsBundle: string | undefined;
  readonly #objectsPort: number | undefined;
  readonly #moreClasses: Readonly<Record<string, string>>;
  #bundle: string | undefined;
  #child: Child | undefined;
  /** Everything that it printed, over all its lives. */
  output = "";

  private constructor(
    port: number,
    vars: Readonly<Record<string, string>>,
    {
      folder = temporaryFolder(),
      env = {},
      limits = "raised",
      bundle,
      objectsBundle,
      objectsPort,
      documents = false,
      socketio = false,
    }: BareServerOptions,
  ) {
    this.port = port;
    this.folder = folder;
    this.#env = env;
    this.#bundle = bundle;
    this.#objectsBundle = objectsBundle;
    this.#objectsPort = objectsPort;
    this.#moreClasses = {
      ...(documents ? { DOCUMENT: "DocumentObject" } : {}),
      ...(socketio ? { SOCKETIO: "SocketioObject" } : {}),
    };
    this.#vars = {
      ...SECRETS,
      ...(limits === "raised" ? RAISED_LIMITS : {}),
      ...vars,
    };
  }

  /** Starts one on a port of its own. `vars` are settings. */
  static async start(
    vars: Readonly<Record<string, string>> = {},
    options: BareServerOptions = {},
  ): Promise<BareServer> {
    const server = new BareServer(await freePort(), vars, options);
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
    return usageOf(this.#roots);
  }

  /** The most memory that it has had at once since {@link forgetPeak}. */
  get peakBytes(): number {
    return peakOf(this.#roots);
  }

  /** Lets {@link peakBytes} begin anew, with what it has now. */
  forgetPeak(): void {
    forgetPeakOf(this.#roots);
  }

  /** Starts it, again on the same port and data after {@link kill}. */
  async up(): Promise<void> {
    this.#child = await startWorkerd({
      folder: this.folder,
      port: this.port,
      modules: { "index.js": this.#bundle ?? (await shippedBundle()) },
      objectsBundle: this.#objectsBundle,
      objectsPort: this.#objectsPort,
      className: "RoomObject",
      binding: "ROOM",
      moreClasses: this.#moreClasses,
      vars: this.#vars,
      env: this.#env,
      heard: (text) => {
        this.output += text;
      },
    });
  }

  /** Another bundle, the shipped one when absent, takes over at the next {@link up}. */
  deploy(bundle?: string): void {
    this.#bundle = bundle;
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

  get #roots(): readonly number[] {
    return this.#child === undefined ? [] : [this.#child.pid];
  }
}
