import * as encoding from "lib0/encoding";
import { shippedBundle, workerBundle } from "../../support/machine/bundle.ts";
import { temporaryFolder } from "../../support/machine/folder.ts";
import { freePort } from "../../support/machine/port.ts";
import { startWorkerd } from "../../support/machine/workerd.ts";
import { RAISED_LIMITS } from "../../support/raised-limits.ts";
import { tokenFor } from "../../support/token.ts";
import { type DocumentDialect, NO_PREFIX } from "../load/documents/document-dialect.ts";
import { AUTH_SECRET } from "./hibiki-dialect.ts";
import { startNodePeer } from "./node-peer.ts";
import { Running, type Server } from "./server.ts";
import { rawDialect } from "./ws.ts";

/** The document that everybody is at. */
const DOCUMENT = "bench";

/** Hibiki's documents, with a token each. */
export const hibikiDocuments: Server = {
  name: "hibiki-documents",
  marks: "durable before it is seen; authenticated; workerd, hibernating",
  isOurs: true,
  start: (bundle) => startHibiki(temporaryFolder(), { bundle, isKept: false }),
  startOn: (folder) => startHibiki(folder, { isKept: true }),
  documentsAt: hibikiWire,
};

/** The same with an entry in front that counts what is billed (workers/counting-objects.ts). */
export function countedDocuments(name: string, marks: string): Server {
  return {
    name,
    marks,
    start: () => startHibiki(temporaryFolder(), { isKept: false, isCounted: true }),
    documentsAt: hibikiWire,
  };
}

/** The server that y-websocket 2 brought, on Node. */
export const yWebsocket: Server = {
  name: "y-websocket",
  marks: "in memory alone; Node",
  start: () => startNode("y-websocket-peer"),
  documentsAt: (port) => yWebsocketWire(port, ""),
};

/** Hocuspocus on Node, in an envelope of its own. */
export const hocuspocus: Server = {
  name: "hocuspocus",
  marks: "in memory alone; Node",
  start: () => startNode("hocuspocus-peer"),
  documentsAt: (port) => {
    const prefix = encoded((encoder) => encoding.writeVarString(encoder, DOCUMENT));
    return {
      entrance: () => ({ port, target: "/", headers: {} }),
      prefix,
      // Type 2 is what concerns authentication, 0 a token (@hocuspocus/common, auth.ts).
      greeting: encoded((encoder) => {
        encoding.writeUint8Array(encoder, prefix);
        encoding.writeVarUint(encoder, 2);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarString(encoder, "bench");
      }),
    };
  },
};

/** y-partyserver with hibernation, saved and loaded as its README has it. */
export const yPartyserver: Server = {
  name: "y-partyserver",
  marks: "saved some seconds after it is seen; workerd, hibernating",
  start: () => startPartyserver(temporaryFolder(), { isKept: false }),
  startOn: (folder) => startPartyserver(folder, { isKept: true }),
  documentsAt: (port) => yWebsocketWire(port, "/parties/doc"),
};

function hibikiWire(port: number): DocumentDialect {
  return yWebsocketWire(port, "/v1/documents", (index) => ({
    token: tokenFor(`user-${index}`, AUTH_SECRET),
  }));
}

function yWebsocketWire(
  port: number,
  path: string,
  params: (index: number) => Readonly<Record<string, string>> = () => ({}),
): DocumentDialect {
  const queryOf = (index: number) => new URLSearchParams(params(index)).toString();
  return {
    entrance: (index) => ({ port, target: `${path}/${DOCUMENT}?${queryOf(index)}`, headers: {} }),
    prefix: NO_PREFIX,
    stock: (index) => ({
      url: `ws://127.0.0.1:${port}${path}`,
      room: DOCUMENT,
      params: params(index),
    }),
  };
}

interface Life {
  readonly bundle?: string | undefined;
  readonly isKept: boolean;
  readonly isCounted?: boolean;
}

async function startHibiki(folder: string, life: Life): Promise<Running> {
  const { bundle, isKept, isCounted = false } = life;
  const port = await freePort();
  const entry = isCounted ? { "counting.js": workerBundle("counting-objects") } : {};
  const child = await startWorkerd({
    folder,
    port,
    modules: { ...entry, "index.js": bundle ?? (await shippedBundle()) },
    className: "DocumentObject",
    binding: "DOCUMENT",
    moreClasses: { ROOM: "RoomObject", METRICS: "MetricsObject" },
    // One writer brings a whole trace, as fast as it is taken.
    vars: { AUTH_SECRET, ...RAISED_LIMITS, LIMIT_DOCUMENT_BYTES_PER_SECOND: "0" },
  });
  return new Running(rawDialect(port, "/"), port, [child], isKept ? undefined : folder);
}

async function startPartyserver(folder: string, { isKept }: Life): Promise<Running> {
  const port = await freePort();
  const modules = { "index.js": workerBundle("y-partyserver-document") };
  const child = await startWorkerd({ folder, port, modules, className: "Doc", binding: "Doc" });
  return new Running(rawDialect(port, "/"), port, [child], isKept ? undefined : folder);
}

async function startNode(name: string): Promise<Running> {
  const port = await freePort();
  return new Running(rawDialect(port, "/"), port, [await startNodePeer(name, port)]);
}

function encoded(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}
