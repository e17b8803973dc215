import { pause } from "../../../support/pause.ts";
import { StockPerson, type Traffic } from "../../load/documents/stock-provider.ts";
import { costOf } from "../../prices/cloudflare.ts";
import { countedDocuments } from "../../servers/documents.ts";
import { billed, objectCounts, sinceAll } from "../../servers/object-counts.ts";
import type { Running, Server } from "../../servers/server.ts";
import { withServer } from "../lifetime.ts";
import type { Sample, Scenario } from "../scenario.ts";
import { documentsOf } from "./gathering.ts";
import { converged, typeInTurns } from "./stock.ts";

const HOUR_S = 3_600;
const WARM_UP_MS = 2_000;
/** Long enough for a fold of the busy document's tail. */
const MS = 30_000;
/** The default of METRICS_REPORT_MS, and what a report takes. */
const REPORTED_MS = 8_700;

/** Who types, and how fast. */
interface Desk {
  readonly server: Server;
  readonly people: number;
  readonly perSecond: number;
}

const MARKS = "stock providers, with a cursor that moves with each edit; metrics on, as by default";
const ALONE: Desk = {
  server: countedDocuments("hibiki-document-alone", MARKS),
  people: 1,
  perSecond: 6,
};
const BUSY: Desk = {
  server: countedDocuments("hibiki-document-of-20", MARKS),
  people: 20,
  perSecond: 10,
};
const DESKS = [ALONE, BUSY];

/** What an hour of typing costs by the platform's prices. */
export const costingDocuments: Scenario = {
  name: "documents-cost",
  group: "documents",
  title: `Documents: cost of an hour in which one person types ${ALONE.perSecond} characters a second, or ${BUSY.people} type ${BUSY.perSecond} each`,
  servers: DESKS.map(({ server }) => server),
  columns: [
    { key: "total", label: "$ / hour", digits: 4 },
    { key: "requests", label: "$ requests", digits: 4 },
    { key: "rows", label: "$ rows", digits: 4 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "rowsPerEdit", label: "rows written / edit, alarms set among them", digits: 3 },
    { key: "inPerEdit", label: "frames in / edit", digits: 2 },
    { key: "edits", label: "edits counted", digits: 0 },
  ],
  targets: [
    {
      kind: "figure",
      column: "rowsPerEdit",
      of: ALONE.server.name,
      atMost: 0.3,
      judgedBy: "worst",
      text: "at most 0.3 rows an edit of somebody alone",
    },
    {
      kind: "figure",
      column: "rowsPerEdit",
      of: BUSY.server.name,
      atMost: 0.12,
      judgedBy: "worst",
      text: "at most 0.12 rows an edit of twenty",
    },
  ],
  notes: [
    `Counted by \`workers/counting-objects.ts\` over ${MS / 1_000} s of typing, with the reports and the folds that fall into it, and taken times ${(HOUR_S * 1_000) / MS}. The object is taken to be active all the time, and the Worker's part, an upgrade each, is left out. Setting an alarm counts as a row written.`,
  ],
  openFiles: 200,
  run: (server) => withServer(server, (running) => run(server, running)),
};

async function run(server: Server, running: Running): Promise<Sample> {
  const desk = DESKS.find((one) => one.server.name === server.name);
  const { stock } = documentsOf(server, running);
  if (desk === undefined || stock === undefined) throw new Error(`${server.name} is not counted.`);
  const traffic: Traffic = { sent: 0, received: 0 };
  const people = Array.from(
    { length: desk.people },
    (_, index) => new StockPerson(stock(index), traffic),
  );
  try {
    await Promise.all(people.map((person) => person.synced()));
    const warm = await typeInTurns(people, desk.perSecond, WARM_UP_MS, 0);
    await converged(people, warm);
    // What they came with is reported by then.
    await pause(REPORTED_MS);
    const before = await objectCounts(running);
    const edits = await typeInTurns(people, desk.perSecond, MS, warm);
    await converged(people, warm + edits);
    const bill = billed(sinceAll(before, await objectCounts(running)));
    const cost = costOf({ ...bill, activeSeconds: MS / 1_000 }, (HOUR_S * 1_000) / MS);
    return {
      ...cost,
      rowsPerEdit: bill.rowsWritten / edits,
      inPerEdit: bill.incoming / edits,
      edits,
    };
  } finally {
    for (const person of people) person.leave();
  }
}
