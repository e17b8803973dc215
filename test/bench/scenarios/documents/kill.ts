import { seededRandom } from "../../../../src/testing/seeded-random.ts";
import { removeFolder, temporaryFolder } from "../../../support/machine/folder.ts";
import { pause } from "../../../support/pause.ts";
import { Author } from "../../load/documents/author.ts";
import { KnownUpdates } from "../../load/documents/known-updates.ts";
import { Participant } from "../../load/documents/participant.ts";
import { hibikiDocuments, yPartyserver } from "../../servers/documents.ts";
import type { Server } from "../../servers/server.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { documentsOf } from "./gathering.ts";

const ROUNDS = 5;
const TYPED_MS = 2_000;
const BETWEEN_MS = 5;
const SETTLED_MS = 1_000;
const FIRST_CLIENT = 1_500_000_001;

/** What is gone of what somebody has seen, when a server's process dies. */
export const killing: Scenario = {
  name: "documents-kill",
  group: "documents",
  title: `Documents: ${ROUNDS} times SIGKILL while somebody types ${1_000 / BETWEEN_MS} characters a second`,
  servers: [hibikiDocuments, yPartyserver],
  columns: [
    { key: "lost", label: "characters lost that a reader had seen", digits: 0 },
    { key: "seen", label: "of so many", digits: 0 },
  ],
  targets: [
    {
      kind: "figure",
      column: "lost",
      of: hibikiDocuments.name,
      atMost: 0,
      judgedBy: "worst",
      text: "nothing is lost that a reader has seen",
    },
  ],
  notes: ["The Node servers keep documents in memory alone, and lose all of it."],
  openFiles: 200,
  run,
};

async function run(server: Server): Promise<Sample> {
  const { startOn } = server;
  if (startOn === undefined) throw new Error(`${server.name} stores nothing.`);
  const folder = temporaryFolder();
  const random = seededRandom(ROUNDS);
  let seen = 0;
  let lost = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const author = new Author(FIRST_CLIENT + round);
      const shown = await typeUntilKilled(server, folder, author, TYPED_MS * (0.5 + random()));
      const stored = await storedOf(server, folder, author.client);
      seen += shown;
      lost += Math.max(0, shown - stored);
    }
    return { lost, seen };
  } finally {
    removeFolder(folder);
  }
}

/** Returns how much a reader had seen. */
async function typeUntilKilled(
  server: Server,
  folder: string,
  author: Author,
  ms: number,
): Promise<number> {
  const running = await startOf(server, folder);
  const authors = new Map([[author.client, author]]);
  const gathering = { dialect: documentsOf(server, running), updates: new KnownUpdates(), authors };
  const writer = new Participant(gathering, { author, isSampled: false, keeps: false });
  const reader = new Participant(gathering, { isSampled: false, keeps: false });
  try {
    await writer.join(0);
    await reader.join(1);
    const endsAt = performance.now() + ms;
    while (performance.now() < endsAt) {
      writer.type(performance.now());
      await pause(BETWEEN_MS);
    }
  } finally {
    await running.stop();
    writer.leave();
    reader.leave();
  }
  return reader.knownOf(author.client);
}

async function storedOf(server: Server, folder: string, client: number): Promise<number> {
  const running = await startOf(server, folder);
  const gathering = {
    dialect: documentsOf(server, running),
    updates: new KnownUpdates(),
    authors: new Map(),
  };
  const reader = new Participant(gathering, { isSampled: false, keeps: false });
  try {
    await reader.join(0);
    await pause(SETTLED_MS);
    return reader.knownOf(client);
  } finally {
    await running.stop();
    reader.leave();
  }
}

function startOf(server: Server, folder: string) {
  if (server.startOn === undefined) throw new Error(`${server.name} stores nothing.`);
  return server.startOn(folder);
}
