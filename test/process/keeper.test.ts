import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { until } from "./support/until.ts";

const WITHIN_MS = 10_000;
const machine = join(import.meta.dirname, "..", "support", "machine");

/** What a run does, and then stays: a process whose own child has lost its parent, and a folder. */
const RUN = `
import { Child } from ${JSON.stringify(join(machine, "child.ts"))};
import { temporaryFolder } from ${JSON.stringify(join(machine, "folder.ts"))};
const folder = temporaryFolder();
const say = (pid) => console.log(JSON.stringify({ pid: Number(pid), folder }));
Child.start("sh", ["-c", "(sleep 600 & echo $!); sleep 600"], { ownGroup: true, heard: say });
setInterval(() => {}, 1_000);
`;

it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "leaves neither a process nor a folder behind when a run is ended by %s",
  async (signal) => {
    const run = spawn(process.execPath, ["--input-type=module", "--eval", RUN], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let line = "";
    createInterface({ input: run.stdout }).once("line", (text) => {
      line = text;
    });
    await until(() => line !== "");
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    expect(isRunning(pid)).toBe(true);
    expect(existsSync(folder)).toBe(true);

    run.kill(signal);
    await until(
      () => !isRunning(pid) && !existsSync(folder),
      () => line,
      WITHIN_MS,
    );
  },
);

/** Whether a process is there and has not ended: nobody may be there to take note of its end. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}
