import { pause } from "../../../support/pause.ts";
import { until } from "../../../support/until.ts";
import { StockPerson, type Traffic } from "../../load/documents/stock-provider.ts";
import { hibikiDocuments, yPartyserver, yWebsocket } from "../../servers/documents.ts";
import type { Running, Server } from "../../servers/server.ts";
import { withServer } from "../lifetime.ts";
import { meter } from "../meter.ts";
import { ratio, type Sample, type Scenario } from "../scenario.ts";
import { documentsOf } from "./gathering.ts";

const PEOPLE = 20;
const PER_SECOND = 8;
const WARM_UP_MS = 1_000;
const MS = 6_000;
const CONVERGE_MS = 30_000;
/** Spreads edits over the text, the same ones each time. */
const GOLDEN = 0.618_033_988_75;

/** What people really use, echoes of its cursors included. */
export const withStockProviders: Scenario = {
  name: "documents-stock",
  group: "documents",
  title: `Documents: ${PEOPLE} stock providers of y-websocket 3, each an edit and a cursor ${PER_SECOND} times a second`,
  servers: [hibikiDocuments, yWebsocket, yPartyserver],
  columns: [
    { key: "cpuPerEdit", label: "server CPU µs / edit", digits: 0 },
    { key: "inPerEdit", label: "frames to the server / edit", digits: 1 },
    { key: "outPerEdit", label: "frames from the server / edit", digits: 1 },
    { key: "loadCpuPerEdit", label: "clients' CPU µs / edit", digits: 0 },
  ],
  targets: [
    ratio(
      "cpuPerEdit",
      "y-websocket",
      "hibiki-documents",
      1 / 0.65,
      "at most 0.65 × the server CPU of y-websocket",
    ),
  ],
  notes: [
    "All providers in one process. In the end all have the same text, which has every edit, and see every cursor.",
  ],
  openFiles: 200,
  run: (server) => withServer(server, (running) => run(server, running)),
};

async function run(server: Server, running: Running): Promise<Sample> {
  const { stock } = documentsOf(server, running);
  if (stock === undefined) throw new Error(`${server.name} is not for stock providers.`);
  const traffic: Traffic = { sent: 0, received: 0 };
  const people = Array.from(
    { length: PEOPLE },
    (_, index) => new StockPerson(stock(index), traffic),
  );
  try {
    await Promise.all(people.map((person) => person.synced()));
    const warm = await typeInTurns(people, PER_SECOND, WARM_UP_MS, 0);
    await converged(people, warm);
    const before = { ...traffic };
    const metered = await meter(running, async () => {
      const edits = await typeInTurns(people, PER_SECOND, MS, warm);
      await converged(people, warm + edits);
      return edits;
    });
    const edits = metered.value;
    return {
      cpuPerEdit: (metered.serverCpuMs * 1_000) / edits,
      inPerEdit: (traffic.sent - before.sent) / edits,
      outPerEdit: (traffic.received - before.received) / edits,
      loadCpuPerEdit: (metered.loadCpuMs * 1_000) / edits,
    };
  } finally {
    for (const person of people) person.leave();
  }
}

/**
 * Everybody types in turns, evenly spaced.
 *
 * @param perSecond characters of each.
 * @param before how many edits there were before.
 * @returns how many edits there were.
 */
export async function typeInTurns(
  people: readonly StockPerson[],
  perSecond: number,
  ms: number,
  before: number,
): Promise<number> {
  const rate = perSecond * people.length;
  const total = Math.floor((ms * rate) / 1_000);
  const startedAt = performance.now();
  for (let edit = 0; edit < total; edit++) {
    const wait = startedAt + (edit * 1_000) / rate - performance.now();
    if (wait > 0) await pause(wait);
    people[edit % people.length]?.type(((before + edit) * GOLDEN) % 1);
  }
  return total;
}

/** Waits until all have the same text, with all edits in it, and see every cursor; throws when they do not. */
export async function converged(people: readonly StockPerson[], edits: number): Promise<void> {
  const isDone = () =>
    people.every(({ text, cursors }) => text.length === edits && cursors === people.length) &&
    new Set(people.map(({ text }) => text)).size === 1;
  // Looked at seldom: it costs more than the typing.
  const deadline = performance.now() + CONVERGE_MS;
  while (!isDone() && performance.now() < deadline) await pause(20);
  await until(isDone, 1);
  if (isDone()) return;
  const lengths = [...new Set(people.map(({ text }) => text.length))];
  const cursors = [...new Set(people.map((person) => person.cursors))];
  throw new Error(
    `of ${edits} edits people have ${lengths}, and see ${cursors} of ${people.length} cursors`,
  );
}
