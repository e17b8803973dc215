import type { Bounds } from "../../load/drive.ts";
import { hibikiDocuments, hocuspocus, yPartyserver, yWebsocket } from "../../servers/documents.ts";
import type { Server } from "../../servers/server.ts";
import { percentile } from "../../statistics.ts";
import { meter } from "../meter.ts";
import type { Column, Sample, Scenario, Target } from "../scenario.ts";
import { withCompany } from "./gathering.ts";

const AUTHORS = 20;
const PER_SECOND = 200;
const WARM_UP: Bounds = { messages: 400, ms: 2_000 };
const BOUNDS: Bounds = { messages: 1_600, ms: 8_000 };
const SERVERS = [hibikiDocuments, yWebsocket, hocuspocus, yPartyserver];

const COLUMNS: readonly Column[] = [
  { key: "cpuPerDelivery", label: "server CPU µs / edit delivered", digits: 2 },
  { key: "p50", label: "p50 ms", digits: 1 },
  { key: "p95", label: "p95 ms", digits: 1 },
  { key: "framesPerEdit", label: "frames / edit and reader", digits: 2 },
  { key: "loadCpuPerDelivery", label: "load tool CPU µs / edit delivered", digits: 2 },
  { key: "lateP99", label: "edits late, p99 ms", digits: 1 },
];

/** People who type in one document, and those who watch. */
export function typing(connections: number, targets: readonly Target[]): Scenario {
  return {
    name: `documents-${connections}`,
    group: "documents",
    title: `Documents: ${AUTHORS} people type ${PER_SECOND / AUTHORS} characters a second each, ${connections} connections`,
    servers: SERVERS,
    columns: COLUMNS,
    targets,
    notes: [
      "Each edit is an update of one character. Delivery is timed from when the edit was due, at connections that only read.",
    ],
    openFiles: 2 * connections + 200,
    run: (server) => run(server, connections),
  };
}

function run(server: Server, connections: number): Promise<Sample> {
  return withCompany(server, { connections, authors: AUTHORS }, async (running, company) => {
    await company.type(PER_SECOND, WARM_UP);
    const metered = await meter(running, () => company.type(PER_SECOND, BOUNDS));
    const { edits, delivered, frames, lateness } = metered.value;
    return {
      cpuPerDelivery: (metered.serverCpuMs * 1_000) / delivered,
      p50: percentile(company.latencies, 50),
      p95: percentile(company.latencies, 95),
      framesPerEdit: frames / edits / connections,
      loadCpuPerDelivery: (metered.loadCpuMs * 1_000) / delivered,
      lateP99: percentile(lateness, 99),
    };
  });
}
