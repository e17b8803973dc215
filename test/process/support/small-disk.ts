import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of a few megabytes that can be filled up, as long as this process runs. */
export class SmallDisk {
  readonly folder: string;
  #mounted = true;

  private constructor(folder: string) {
    this.folder = folder;
    process.once("exit", () => this.remove());
  }

  /** Mounts one; the reason when that is not allowed here. */
  static mount(megabytes: number): SmallDisk | string {
    const folder = mkdtempSync(join(tmpdir(), "hibiki-disk-"));
    const options = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder];
    try {
      execFileSync("mount", options, { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
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
    writeFileSync(this.#filler, Buffer.alloc(Math.max(0, this.freeBytes - leaveBytes)));
  }

  /** Makes room again. */
  clear(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Unmounts it. Whoever had files there must be gone. */
  remove(): void {
    if (!this.#mounted) return;
    this.#mounted = false;
    execFileSync("umount", ["-l", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.folder, "filler");
  }
}
