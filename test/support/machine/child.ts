import { type ChildProcess, spawn } from "node:child_process";
import { keep, release } from "./keeper.ts";
import { endTree } from "./process-tree.ts";

const STDERR_CHARS = 4_000;

/** A server's process. None outlives this one, however that ends. */
export class Child {
  readonly #process: ChildProcess;
  #output = "";

  private constructor(command: string, args: readonly string[], options: ChildOptions) {
    this.#process = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", options.heard === undefined ? "ignore" : "pipe", "pipe"],
      detached: options.ownGroup === true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk: Buffer) => options.heard?.(chunk.toString()));
    }
    this.#process.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-STDERR_CHARS);
    });
    this.#process.on("error", (error) => {
      this.#output += String(error);
    });
    const { pid } = this.#process;
    if (pid === undefined) return;
    keep({ kind: "process", pid });
    this.#process.once("exit", () => {
      // Those it started may be left.
      if (options.ownGroup === true) endTree(pid);
      release({ kind: "process", pid });
    });
  }

  /** Starts one. */
  static start(command: string, args: readonly string[], options: ChildOptions = {}): Child {
    return new Child(command, args, options);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Whether it still runs. */
  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The end of what it said on its error output. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it ends by itself. Returns whether it was content. */
  async succeeded(): Promise<boolean> {
    if (this.isAlive) await new Promise((resolve) => this.#process.once("close", resolve));
    return this.#process.exitCode === 0;
  }

  /** Ends it with `signal`, and with everything it started when that is SIGKILL. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    const { pid } = this.#process;
    if (!this.isAlive || pid === undefined) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (signal === "SIGKILL") endTree(pid);
    else this.#process.kill(signal);
    await ended;
  }
}

/** Where and with what a child runs. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Whether it leads a process group: for what starts processes of its own, which may lose their
   * parent and are ended all the same. Not for what is measured: the kernel may share CPU by session.
   */
  readonly ownGroup?: boolean;
  /** Told everything that it prints. */
  readonly heard?: (text: string) => void;
}
