import { execFileSync } from "node:child_process";
import { temporaryFolder } from "../support/machine/folder.ts";

/** A clone of Socket.IO's repository: what is committed there, whatever lies about in its folder. */
export class Clone {
  readonly #path: string;
  /** The commit that its suites are taken from. */
  readonly commit: string;

  /** @throws where there is no clone at this path. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.commit = this.#git("rev-parse", "HEAD").toString().trim();
    } catch (cause) {
      throw new Error(`There is no clone of socketio/socket.io at ${path}.`, { cause });
    }
  }

  /**
   * Copies one of its folders into a new one, below `into` there, which is returned.
   *
   * @throws where the clone has no such folder.
   */
  copy(folder: string, into = "."): string {
    const target = temporaryFolder();
    let archive: Buffer;
    try {
      archive = this.#git("archive", `--prefix=${into}/`, `HEAD:${folder}`);
    } catch (cause) {
      throw new Error(`The clone has no folder ${folder}.`, { cause });
    }
    execFileSync("tar", ["x", "-C", target], { input: archive });
    return target;
  }

  #git(...args: readonly string[]): Buffer {
    return execFileSync("git", ["-C", this.#path, ...args], {
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}
