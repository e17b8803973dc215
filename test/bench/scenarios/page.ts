import { tokenFor } from "../../support/token.ts";
import { percentile } from "../report/statistics.ts";
import { AUTH_SECRET, ROOM } from "../servers/hibiki-dialect.ts";
import { millionInLog } from "../servers/hibiki-logs.ts";
import type { Running } from "../servers/server.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Sample, Scenario } from "./scenario.ts";

const PAGES = 500;
const WARM_UP = 100;
const BEFORE = 500_000;
const LIMIT = 50;

/** History from the middle of a long log. */
export const paging: Scenario = {
  name: "page",
  title: `A page of ${LIMIT} from the middle of 1,000,000 messages, over HTTP`,
  servers: [millionInLog],
  columns: [
    { key: "cpuMs", label: "server CPU ms / page", digits: 2 },
    { key: "loadCpuMs", label: "load tool CPU ms / page", digits: 2 },
    { key: "pageMs", label: "p50 ms", digits: 2 },
    { key: "p99", label: "p99 ms", digits: 2 },
  ],
  targets: [
    {
      kind: "figure",
      column: "cpuMs",
      of: millionInLog.name,
      atMost: 2,
      judgedBy: "median",
      text: "server CPU of a page, ms, its HTTP and token included",
    },
  ],
  notes: [`${PAGES} pages a run, one after the other over one connection, each checked.`],
  openFiles: 200,
  run: (server) => withServer(server, run),
};

async function run(running: Running): Promise<Sample> {
  const times: number[] = [];
  const read = async (pages: number) => {
    for (let page = 0; page < pages; page++) {
      const before = BEFORE + page * LIMIT;
      const startedAt = performance.now();
      const text = await fetchPage(running.port, `before=${before}&limit=${LIMIT}`);
      times.push(performance.now() - startedAt);
      check(text, before);
    }
  };
  await read(WARM_UP);
  times.length = 0;
  const metered = await meter(running, () => read(PAGES));
  return {
    cpuMs: metered.serverCpuMs / PAGES,
    loadCpuMs: metered.loadCpuMs / PAGES,
    pageMs: percentile(times, 50),
    p99: percentile(times, 99),
  };
}

/** Asks the room for a page, as the API's readers do. */
async function fetchPage(port: number, query: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/rooms/${ROOM}/messages?${query}`, {
    headers: { Authorization: `Bearer ${tokenFor("user-0", AUTH_SECRET)}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The page was refused: ${response.status} ${text}`);
  return text;
}

function check(text: string, before: number): void {
  const first = text.startsWith(`{"messages":[{"seq":${before - LIMIT},`);
  const last = text.includes(`{"seq":${before - 1},`);
  const count = text.split(`"content":`).length - 1;
  if (!first || !last || count !== LIMIT) throw new Error("The page is not the one asked for.");
}
