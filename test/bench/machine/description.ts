import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import { ROOT } from "../../support/machine/paths.ts";
import { debianVersion } from "./debian.ts";
import { packageVersion } from "./packages.ts";

const PEERS = [
  "socket.io",
  "@socket.io/redis-adapter",
  "ws",
  "bufferutil",
  "partyserver",
  "y-websocket-server",
  "@hocuspocus/server",
  "y-partyserver",
  "yjs",
  "@colyseus/core",
  "@colyseus/schema",
  "@colyseus/ws-transport",
] as const;

/** What was measured on, in Markdown lines. */
export function describeMachine(): readonly string[] {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const debian = ["redis-server", "nginx", "libnginx-mod-nchan"].map(
    (name) => `${name} ${debianVersion(name) ?? "not installed"}`,
  );
  const packages = PEERS.map((name) => `${name} ${packageVersion(name)}`);
  return [
    `- machine: ${processors.length} × ${processors[0]?.model ?? "unknown"}, ${memory} GiB, Linux ${release()}, everything on 127.0.0.1`,
    `- load average at the start: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(" ")}`,
    `- Hibiki ${commit()} on workerd ${packageVersion("workerd")}; Node ${process.version}`,
    `- peers: ${[...packages, ...debian].join(", ")}`,
  ];
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
    const changed = git("status", "--porcelain", "--", "src") === "" ? "" : " with changes in src";
    return `${git("rev-parse", "--short", "HEAD")}${changed}`;
  } catch {
    return "without git";
  }
}
