import { spawnSync } from "node:child_process";
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/machine/folder.ts";

/** A wall clock for child processes that can be set while they run. The monotonic one goes on as it is. */
export class ShiftedClock {
  /** What a child needs in its environment to live by it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #file: number;

  private constructor(library: string, file: string) {
    this.#file = openSync(file, "w");
    this.environment = { LD_PRELOAD: library, CLOCK_SHIFT_FILE: file };
    this.shift(0);
  }

  /** Builds one; the reason where the system knows no such thing. Throws without a C compiler. */
  static build(): ShiftedClock | string {
    if (process.platform !== "linux") return "the clock is shifted by LD_PRELOAD, on Linux alone";
    const folder = temporaryFolder();
    const library = join(folder, "shifted-clock.so");
    const source = join(import.meta.dirname, "shifted-clock.c");
    const { error, status, stderr } = spawnSync(
      "cc",
      ["-O2", "-shared", "-fPIC", "-o", library, source],
      { encoding: "utf8" },
    );
    // Not skipped: what is proven with it would go unproven in silence.
    if (error !== undefined) throw new Error("No C compiler (cc) here: install gcc and libc6-dev.");
    if (status !== 0) throw new Error(`The shifted clock does not build: ${stderr}`);
    return new ShiftedClock(library, join(folder, "seconds"));
  }

  /** Sets it to so many seconds beside the true time. */
  shift(seconds: number): void {
    // Written over in one piece: a file that is emptied first reads as the true time for a moment.
    writeSync(this.#file, String(seconds).padEnd(12), 0);
  }
}
