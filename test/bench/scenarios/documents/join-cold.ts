import { removeFolder, temporaryFolder } from "../../../support/machine/folder.ts";
import { pause } from "../../../support/pause.ts";
import { until } from "../../../support/until.ts";
import { KnownUpdates } from "../../load/documents/known-updates.ts";
import { largeDocument } from "../../load/documents/large.ts";
import { Participant } from "../../load/documents/participant.ts";
import { hibikiDocuments, yPartyserver } from "../../servers/documents.ts";
import type { Running, Server } from "../../servers/server.ts";
import { ratio, type Sample, type Scenario } from "../scenario.ts";
import { documentsOf } from "./gathering.ts";

/** Longer than a server waits before it saves or compacts. */
const SAVED_MS = 15_000;
const TIMEOUT_MS = 120_000;

/** The first to come to a large document that sleeps. */
export const joiningCold: Scenario = {
  name: "documents-join",
  group: "documents",
  title: "Documents: the first join of a 9 MB document after a restart",
  servers: [hibikiDocuments, yPartyserver],
  columns: [
    { key: "cpuMs", label: "server CPU ms", digits: 0 },
    { key: "ms", label: "ms until all of it is there", digits: 0 },
    { key: "memoryMiB", label: "memory grows by MiB", digits: 1 },
    { key: "encodedMiB", label: "document MiB", digits: 1 },
  ],
  targets: [
    ratio(
      "cpuMs",
      "y-partyserver",
      "hibiki-documents",
      10,
      "at most 0.1 × the CPU of an object that builds the document",
    ),
    ratio("memoryMiB", "y-partyserver", "hibiki-documents", 4, "and at most 0.25 × its memory"),
  ],
  notes: [
    "CPU and memory (RSS) of the whole server, from before the upgrade until the reader has the last byte. y-partyserver builds a Y.Doc, as the Node servers do.",
  ],
  openFiles: 200,
  run,
};

async function run(server: Server): Promise<Sample> {
  const { startOn } = server;
  if (startOn === undefined) throw new Error(`${server.name} stores nothing.`);
  const folder = temporaryFolder();
  try {
    await withRunning(startOn(folder), (running) => fill(server, running));
    return await withRunning(startOn(folder), (running) => join(server, running));
  } finally {
    removeFolder(folder);
  }
}

async function fill(server: Server, running: Running): Promise<void> {
  const { updates, client, clock } = largeDocument();
  const writer = participantOf(server, running);
  const reader = participantOf(server, running);
  await writer.join(0);
  await reader.join(1);
  try {
    for (const update of updates) {
      const owed = reader.knownOf(client) + 1;
      writer.tell(update);
      // One at a time: what matters is what comes after.
      await until(() => reader.knownOf(client) >= owed, TIMEOUT_MS);
    }
    if (reader.knownOf(client) !== clock) throw new Error("The document could not be written.");
    await pause(SAVED_MS);
  } finally {
    writer.leave();
    reader.leave();
  }
  await pause(SAVED_MS);
}

async function join(server: Server, running: Running): Promise<Sample> {
  const { client, clock, encodedBytes } = largeDocument();
  const reader = participantOf(server, running);
  const before = { cpuMs: running.cpuMs(), memory: running.memoryBytes(), at: performance.now() };
  try {
    await reader.join(0);
    await until(() => reader.knownOf(client) === clock, TIMEOUT_MS);
    if (reader.knownOf(client) !== clock) throw new Error("A reader did not get all of it.");
    return {
      cpuMs: running.cpuMs() - before.cpuMs,
      ms: performance.now() - before.at,
      memoryMiB: (running.memoryBytes() - before.memory) / 2 ** 20,
      encodedMiB: encodedBytes / 2 ** 20,
    };
  } finally {
    reader.leave();
  }
}

function participantOf(server: Server, running: Running): Participant {
  const gathering = {
    dialect: documentsOf(server, running),
    updates: new KnownUpdates(),
    authors: new Map(),
  };
  return new Participant(gathering, { isSampled: false, keeps: false });
}

async function withRunning<T>(
  starting: Promise<Running>,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await starting;
  try {
    return await work(running);
  } finally {
    await running.stop();
  }
}
