import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { removeFolder, temporaryFolder } from "../../support/machine/folder.ts";
import { ROOT } from "../../support/machine/paths.ts";
import { Server } from "../../support/server.ts";

/** What its package.json asks for; the package itself is tried as npm ships it in `package.test.ts`. */
const PACKAGES = [
  "hono",
  "zod",
  "@cloudflare/workers-types",
  "@standard-schema/spec",
  ".bin/esbuild",
];

/** One of the projects of test/examples, in a folder of its own outside of this repository. */
export class Example {
  readonly folder: string;
  readonly server: Server;

  private constructor(folder: string, server: Server) {
    this.folder = folder;
    this.server = server;
  }

  /** @param vars settings, and what the example itself reads of its environment. */
  static async start(name: string, vars: Readonly<Record<string, string>> = {}): Promise<Example> {
    const folder = join(temporaryFolder(), name);
    cpSync(join(ROOT, "test/examples", name), folder, { recursive: true });
    link(ROOT, join(folder, "node_modules/hibiki"));
    for (const of of PACKAGES) {
      link(join(ROOT, "node_modules", of), join(folder, "node_modules", of));
    }
    return new Example(folder, await Server.start(vars, { folder, base: "" }));
  }

  /** Rejects with what the compiler says. */
  async check(): Promise<void> {
    const tsc = join(ROOT, "node_modules/.bin/tsc");
    for (const folder of [this.folder, join(this.folder, "web")].filter(existsSync)) {
      await promisify(execFile)(tsc, [], { cwd: folder }).catch(({ stdout }) => {
        throw new Error(stdout);
      });
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    removeFolder(dirname(this.folder));
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
