import { type ChildProcess, spawn } from "node:child_process";
import { withDescendants } from "./process-tree.ts";

const children = new Set<Child>();
const STDERR_CHARS = 4_000;

/** A server's process. None outlives the bench, however that ends. */
export class Child {
  readonly #process: ChildProcess;
  #output = "";

  private constructor(command: string, args: readonly string[], options: ChildOptions) {
    this.#process = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", options.heard === undefined ? "ignore" : "pipe", "pipe"],
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
    children.add(this);
    this.#process.once("exit", () => children.delete(this));
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
    if (!this.isAlive || this.#process.pid === undefined) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.kill(signal);
    await ended;
  }

  /** Sends the signal and does not wait. */
  kill(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): void {
    if (!this.isAlive) return;
    for (const pid of signal === "SIGKILL" ? withDescendants([this.pid]) : [this.pid]) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended first.
      }
    }
  }
}

/** Where and with what a child runs. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told everything that it prints. */
  readonly heard?: (text: string) => void;
}

/** Kills whatever still runs. Synchronous, for an exit handler. */
export function killAll(): void {
  for (const child of children) child.kill();
}
