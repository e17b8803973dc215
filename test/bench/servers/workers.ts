import { workerBundle } from "../../support/machine/bundle.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort } from "../../support/machine/port.ts";
import { startWorkerd } from "../../support/machine/workerd.ts";
import { Running, type Server } from "./server.ts";
import { rawDialect } from "./ws.ts";

/** Serves one of the Workers of `workers/` on bare workerd. */
async function start(bundle: string, className: string, target: string): Promise<Running> {
  const port = await freePort();
  const folder = temporaryFolder();
  const modules = { "index.js": workerBundle(bundle) };
  const child = await startWorkerd({ folder, port, modules, className, binding: className });
  return new Running(rawDialect(port, target), port, [child], folder);
}

/** partyserver with hibernation and its own `broadcast`. */
export const partyserver: Server = {
  name: "partyserver",
  marks: "no history, no acks, no durability; workerd, hibernating",
  start: () => start("partyserver-room", "Chat", "/parties/chat/bench"),
};

/** Cloudflare's own chat pattern: stored and sent in the handler. */
export const cloudflareChat: Server = {
  name: "cloudflare-chat",
  marks: "durable; no acks, no resume; workerd, hibernating",
  start: () => start("cloudflare-chat", "ChatRoom", "/"),
};

/** The platform's floor: an object that only sends. */
export const bareObject: Server = {
  name: "bare-object",
  marks: "no history, no acks, no durability; workerd, hibernating: the least an object can do",
  start: () => start("bare-object", "BareObject", "/"),
};
