import * as Y from "yjs";
import { pause } from "../../../support/pause.ts";
import { until } from "../../../support/until.ts";
import { ROOT_TEXT } from "../../load/documents/author.ts";
import { KnownUpdates } from "../../load/documents/known-updates.ts";
import { Participant } from "../../load/documents/participant.ts";
import { tracedUpdates } from "../../load/documents/trace.ts";
import { hibikiDocuments, hocuspocus, yPartyserver, yWebsocket } from "../../servers/documents.ts";
import type { Running, Server } from "../../servers/server.ts";
import { withServer } from "../lifetime.ts";
import { meter } from "../meter.ts";
import { ratio, type Sample, type Scenario } from "../scenario.ts";
import { documentsOf } from "./gathering.ts";

const EDITS = 40_000;
const READERS = 4;
const IN_FLIGHT = 200;
const TIMEOUT_MS = 180_000;
const SETTLED_MS = 500;

/** One writer as fast as the server takes it. */
export const replaying: Scenario = {
  name: "documents-trace",
  group: "documents",
  title: `Documents: ${EDITS.toLocaleString("en")} edits of one character, ${IN_FLIGHT} in flight, ${READERS} readers`,
  servers: [hibikiDocuments, yWebsocket, hocuspocus, yPartyserver],
  columns: [
    { key: "cpuPerEdit", label: "server CPU µs / edit", digits: 1 },
    { key: "editsPerSecond", label: "edits / s", digits: 0 },
    { key: "loadCpuPerEdit", label: "load tool CPU µs / edit", digits: 1 },
  ],
  targets: [
    ratio(
      "cpuPerEdit",
      "y-websocket",
      "hibiki-documents",
      1 / 0.75,
      "at most 0.75 × the server CPU of y-websocket",
    ),
    ratio(
      "cpuPerEdit",
      "hocuspocus",
      "hibiki-documents",
      1 / 0.75,
      "at most 0.75 × that of Hocuspocus",
    ),
  ],
  notes: [
    "A trace in the proportions of B4 of crdt-benchmarks (3 insertions in 10 are taken back), the same each time; in the end a reader has its text. An edit is in flight until the first reader has heard of what it inserts.",
  ],
  openFiles: 200,
  run: (server) => withServer(server, (running) => run(server, running)),
};

async function run(server: Server, running: Running): Promise<Sample> {
  const { updates, text } = tracedUpdates(EDITS);
  const gathering = {
    dialect: documentsOf(server, running),
    updates: new KnownUpdates(),
    authors: new Map(),
  };
  const [writer, ...readers] = Array.from(
    { length: READERS + 1 },
    (_, index) => new Participant(gathering, { isSampled: false, keeps: index === READERS }),
  );
  const [first] = readers;
  const last = readers.at(-1);
  if (writer === undefined || first === undefined || last === undefined) throw new Error("Nobody.");
  const everyone = [writer, ...readers];
  try {
    for (const [index, one] of everyone.entries()) await one.join(index);
    await pause(SETTLED_MS);
    const metered = await meter(running, () => replay(updates, writer, first));
    await until(() => readers.every((one) => one.delivered === first.delivered), TIMEOUT_MS);
    await pause(SETTLED_MS);
    if (last.text(ROOT_TEXT) !== text)
      throw new Error("A reader has another text than the writer.");
    return {
      cpuPerEdit: (metered.serverCpuMs * 1_000) / EDITS,
      editsPerSecond: (EDITS * 1_000) / metered.wallMs,
      loadCpuPerEdit: (metered.loadCpuMs * 1_000) / EDITS,
    };
  } finally {
    for (const one of everyone) one.leave();
  }
}

/** Sends all of them, some in flight at a time, and waits for the last. */
async function replay(
  updates: readonly Uint8Array[],
  writer: Participant,
  reader: Participant,
): Promise<void> {
  const clocks = updates.map(clockAfter);
  let sent = 0;
  let heard = 0;
  const done = Promise.withResolvers<void>();
  const more = () => {
    const known = reader.delivered;
    while (heard < sent && (clocks[heard] ?? 0) <= known) heard += 1;
    while (sent < updates.length && sent - heard < IN_FLIGHT) {
      const update = updates[sent];
      if (update !== undefined) writer.tell(update);
      sent += 1;
    }
    if (heard >= updates.length) done.resolve();
  };
  reader.onEdits = more;
  more();
  const timer = setTimeout(
    () => done.reject(new Error("The last edits did not come.")),
    TIMEOUT_MS,
  );
  await done.promise.finally(() => clearTimeout(timer));
}

/** How far an update brings its writer's clock; 0 for a deletion, which is in flight with what came before. */
function clockAfter(update: Uint8Array): number {
  const [end] = Y.parseUpdateMeta(update).to.values();
  return end ?? 0;
}
