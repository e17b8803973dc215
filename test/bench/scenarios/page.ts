import { tokenFor } from "../../support/token.ts";
import { AUTH_SECRET, ROOM } from "../servers/hibiki-dialect.ts";
import { millionInLog, reactionsInLog, thousandInLog } from "../servers/hibiki-logs.ts";
import type { Running } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withServer } from "./lifetime.ts";
import { meter } from "./meter.ts";
import type { Column, Sample, Scenario } from "./scenario.ts";

const PAGES = 500;
const WARM_UP = 100;
const MIDDLE = 500_000;
const LIMIT = 50;

const COLUMNS: readonly Column[] = [
  { key: "cpuMs", label: "server CPU ms / page", digits: 2 },
  { key: "loadCpuMs", label: "load tool CPU ms / page", digits: 2 },
  { key: "pageMs", label: "p50 ms", digits: 2 },
  { key: "p99", label: "p99 ms", digits: 2 },
];
const NOTES = [`${PAGES} pages a run, one after the other over one connection, each checked.`];

/** History from the middle of a long log. */
export const paging: Scenario = {
  name: "page",
  title: `A page of ${LIMIT} from the middle of 1,000,000 messages, over HTTP`,
  servers: [millionInLog],
  columns: COLUMNS,
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
  notes: NOTES,
  openFiles: 200,
  run: (server) =>
    withServer(server, (running) =>
      run(running, (page) => ({
        query: `before=${MIDDLE + page * LIMIT}`,
        last: MIDDLE + page * LIMIT - 1,
      })),
    ),
};

/** History beside what is no message. */
export const pagingReactions: Scenario = {
  name: "page-reactions",
  title: `The newest page of ${LIMIT}, with 1,000,000 reactions after the last message, over HTTP`,
  servers: [thousandInLog, reactionsInLog],
  columns: COLUMNS,
  targets: [
    {
      kind: "ratio",
      column: "cpuMs",
      of: thousandInLog.name,
      to: reactionsInLog.name,
      atLeast: 1 / 1.2,
      text: "the newest page takes the same server CPU beside 1,000,000 reactions, within 20%",
    },
  ],
  notes: NOTES,
  openFiles: 200,
  run: (server) =>
    withServer(server, (running) => run(running, () => ({ query: "", last: 1_000 }))),
};

/** A page, and the seq of its newest message. */
interface Wanted {
  readonly query: string;
  readonly last: number;
}

async function run(running: Running, wanted: (page: number) => Wanted): Promise<Sample> {
  const times: number[] = [];
  const read = async (pages: number) => {
    for (let page = 0; page < pages; page++) {
      const { query, last } = wanted(page);
      const startedAt = performance.now();
      const text = await fetchPage(running.port, `${query}&limit=${LIMIT}`);
      times.push(performance.now() - startedAt);
      check(text, last);
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
export async function fetchPage(port: number, query: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/rooms/${ROOM}/messages?${query}`, {
    headers: { Authorization: `Bearer ${tokenFor("user-0", AUTH_SECRET)}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The page was refused: ${response.status} ${text}`);
  return text;
}

function check(text: string, last: number): void {
  const first = text.startsWith(`{"messages":[{"seq":${last - LIMIT + 1},`);
  const count = text.split(`"content":`).length - 1;
  if (!first || !text.includes(`{"seq":${last},`) || count !== LIMIT) {
    throw new Error("The page is not the one asked for.");
  }
}
