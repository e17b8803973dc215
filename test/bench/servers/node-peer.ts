import { join } from "node:path";
import { Child } from "../../support/machine/child.ts";
import { BENCH } from "../../support/machine/paths.ts";
import { untilListening } from "../../support/machine/port.ts";

/** Starts a program of `peers/` in a Node of its own, and waits until it listens. */
export async function startNodePeer(
  name: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = Child.start(process.execPath, [join(BENCH, "peers", `${name}.ts`)], {
    env: { NODE_ENV: "production", ...env, PORT: String(port) },
  });
  await untilListening(port, child);
  return child;
}
