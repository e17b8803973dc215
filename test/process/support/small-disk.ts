import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../../support/machine/folder.ts";
import { keep, release, unmount } from "../../support/machine/keeper.ts";

/** A file system of a few megabytes that can be filled up, as long as this process runs. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Mounts one; the reason when that is not allowed here. */
  static mount(megabytes: number): SmallDisk | string {
    const folder = temporaryFolder();
    const options = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder];
    keep({ kind: "mount", folder });
    try {
      execFileSync("mount", options, { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      release({ kind: "mount", folder });
      removeFolder(folder);
      return `no tmpfs can be mounted here: ${error instanceof Error ? error.message.trim() : error}`;
    }
    return new SmallDisk(folder);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Fills it up to the last few bytes. */
  fill(leaveBytes: number): void {
    try {
      writeFileSync(this.#filler, Buffer.alloc(Math.max(0, this.freeBytes - leaveBytes)));
    } catch {
      // The server wrote meanwhile: it is quite full, and the last few bytes are given back.
      truncateSync(this.#filler, Math.max(0, statSync(this.#filler).size - leaveBytes));
    }
  }

  /** Makes room again. */
  clear(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Unmounts it. Whoever had files there must be gone. */
  remove(): void {
    unmount(this.folder);
    release({ kind: "mount", folder: this.folder });
    removeFolder(this.folder);
  }

  get #filler(): string {
    return join(this.folder, "filler");
  }
}
