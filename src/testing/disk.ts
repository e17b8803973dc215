import type { Database, SqlRow, SqlValue } from "../storage/database.ts";
import { NodeDatabase } from "./node-database.ts";
import type { Cancel } from "./virtual-clock.ts";

const READS = /^\s*(SELECT|WITH)\b/i;

/** What a disk needs of the world around it. */
export interface DiskOptions {
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** How long a write takes until it is on disk, in milliseconds. */
  readonly latencyMs: () => number;
  /** What was written is on disk now. */
  readonly confirmed: () => void;
  /** All of it is about to be erased. */
  readonly erasing: () => void;
}

/**
 * The storage of one object, as the platform has it: what is written can be read at once, is on disk
 * a moment later, and nothing that the object says leaves it before (the output gate). A crash takes
 * back whatever is not on disk.
 */
export class Disk {
  readonly database = new NodeDatabase();
  readonly #options: DiskOptions;
  #waiting: (() => void)[] = [];
  #undo: (() => void)[] = [];
  #confirming: Cancel | undefined;
  #isHeld = false;

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  /** Whether something written is not on disk yet. */
  get isWriting(): boolean {
    return this.#confirming !== undefined;
  }

  /** The database, for one life of the object: once that is `over`, it can do nothing with it. */
  open(isOver: () => boolean): Database {
    const requireLife = () => {
      if (isOver()) throw new Error("This life of the object is over.");
    };
    return {
      query: (statement, ...bindings) => {
        requireLife();
        return this.#query(statement, bindings);
      },
      transaction: (work) => {
        requireLife();
        this.#transaction(work);
      },
    };
  }

  /** Runs something once all that was written so far is on disk: at once, when it is. */
  afterwards(run: () => void): void {
    if (this.isWriting) this.#waiting.push(run);
    else run();
  }

  /**
   * Something beside the database was written too.
   *
   * @param undo takes it back.
   */
  wrote(undo: () => void): void {
    this.#undo.push(undo);
    this.#hold();
    this.#confirmLater();
  }

  /** Empties the database. */
  erase(): void {
    this.#options.erasing();
    this.#hold();
    const tables = [
      ...this.database.query("SELECT name FROM sqlite_master WHERE type = 'table'"),
    ].map((row) => String(row["name"]));
    for (const table of tables) this.database.query(`DROP TABLE "${table}"`);
    this.#confirmLater();
  }

  /** Takes back what is not on disk; nobody who waits for it hears of it. */
  crash(): void {
    this.#confirming?.();
    this.#confirming = undefined;
    this.#waiting = [];
    for (const undo of this.#undo.splice(0).reverse()) undo();
    if (this.#isHeld) this.database.discard();
    this.#isHeld = false;
  }

  #query(statement: string, bindings: readonly SqlValue[]): Iterable<SqlRow> {
    if (READS.test(statement)) return this.database.query(statement, ...bindings);
    this.#hold();
    this.#confirmLater();
    return this.database.query(statement, ...bindings);
  }

  #transaction(work: () => void): void {
    this.#hold();
    try {
      this.database.transaction(work);
    } finally {
      // It may have read alone.
      if (!this.isWriting) this.#keep();
    }
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.database.hold();
  }

  #keep(): void {
    this.#isHeld = false;
    this.database.keep();
  }

  #confirmLater(): void {
    this.#confirming ??= this.#options.after(this.#options.latencyMs(), () => this.#confirm());
  }

  #confirm(): void {
    this.#confirming = undefined;
    this.#undo = [];
    this.#keep();
    this.#options.confirmed();
    for (const run of this.#waiting.splice(0)) run();
  }
}
