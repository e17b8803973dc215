import type { Child } from "../../support/machine/child.ts";
import { removeFolder } from "../../support/machine/folder.ts";
import { memoryOf, usageOf } from "../../support/machine/process-tree.ts";
import type { Dialect } from "../load/dialect.ts";
import type { DocumentDialect } from "../load/documents/document-dialect.ts";
import type { GameDialect } from "../load/games/game-dialect.ts";

/** Something to measure. */
export interface Server {
  readonly name: string;
  /** What it does and does not do beside telling everyone, for the table. */
  readonly marks: string;
  /** Starts it afresh, with no data. @param bundle of Hibiki: another one than the shipped, as a path. */
  start(bundle?: string): Promise<Running>;
  /** Whether it is Hibiki, whose bundle can be another one. */
  readonly isOurs?: true;
  /** How its documents are spoken to, where it has any. */
  readonly documentsAt?: (port: number) => DocumentDialect;
  /** How its games are spoken to, where it has any. */
  readonly gamesAt?: (port: number) => GameDialect;
  /** Starts it on what an earlier life of it stored, which stays when it stops; where it stores anything. */
  readonly startOn?: (folder: string) => Promise<Running>;
}

/** A server that runs, and everything it runs on. */
export class Running {
  readonly dialect: Dialect;
  readonly port: number;
  readonly #children: readonly Child[];
  readonly #folder: string | undefined;
  /** What each of its processes is for, in their order, where they do different things. */
  readonly parts: readonly string[];

  /** @param folder removed with it. */
  constructor(
    dialect: Dialect,
    port: number,
    children: readonly Child[],
    folder?: string,
    parts: readonly string[] = [],
  ) {
    this.dialect = dialect;
    this.port = port;
    this.#children = children;
    this.#folder = folder;
    this.parts = parts;
  }

  /** CPU time of all its processes, in milliseconds. */
  cpuMs(): number {
    return usageOf(this.#pids).cpuMs;
  }

  /** CPU time of each process by itself, in milliseconds, in the order of {@link parts}. */
  cpuMsEach(): readonly number[] {
    return this.#pids.map((pid) => usageOf([pid]).cpuMs);
  }

  /** Memory of all its processes, in bytes. */
  memoryBytes(): number {
    return memoryOf(this.#pids);
  }

  /** What its processes said last, when something went wrong. */
  get output(): string {
    return this.#children.map(({ output }) => output).join("");
  }

  get #pids(): readonly number[] {
    return this.#children.map(({ pid }) => pid);
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
    if (this.#folder !== undefined) removeFolder(this.#folder);
  }
}
