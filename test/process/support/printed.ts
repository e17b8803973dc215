import { pause } from "../../support/pause.ts";
import type { BareServer } from "./bare-server.ts";

/** Resolves once a server prints something that it has not printed yet, or after 10 s. */
export async function printed(server: BareServer, text: string): Promise<void> {
  const before = server.output.split(text).length;
  for (let tries = 0; tries < 2_000; tries++) {
    if (server.output.split(text).length > before) return;
    await pause(5);
  }
}
