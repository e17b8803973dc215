import { type Bounds, oneByOne } from "../load/drive.ts";
import { reactionsInLog, thousandInLog, writtenTo } from "../servers/hibiki-logs.ts";
import type { Running } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withCrowd } from "./lifetime.ts";
import { fetchPage } from "./page.ts";
import type { Sample, Scenario } from "./scenario.ts";

const WARM_UP: Bounds = { messages: 30, ms: 2_000 };
const BOUNDS: Bounds = { messages: 300, ms: 10_000 };
const THINK_MS = 10;
/** How many pages one client asks for at a time, all the while. */
const PAGES_AT_ONCE = 8;
const SIZE = { readers: 10, senders: 1, capacity: WARM_UP.messages + BOUNDS.messages + 1 };

/** What everybody else waits for while somebody reads history. */
export const acking: Scenario = {
  name: "ack",
  title: `A message at a time to ${SIZE.readers} readers, while one client asks for ${PAGES_AT_ONCE} pages of history at a time`,
  servers: [thousandInLog, reactionsInLog].map(writtenTo),
  columns: [
    { key: "p50", label: "p50 ms", digits: 1 },
    { key: "p99", label: "p99 ms", digits: 1 },
    { key: "pagesPerSecond", label: "pages / s", digits: 0 },
    { key: "messages", label: "messages", digits: 0 },
  ],
  targets: [
    {
      kind: "ratio",
      column: "p50",
      of: thousandInLog.name,
      to: reactionsInLog.name,
      atLeast: 1 / 1.2,
      text: "a message is told as soon beside 1,000,000 reactions as without, within 20%",
    },
  ],
  notes: ["Told at the readers; the sender's ack leaves with the same flush."],
  openFiles: 200,
  run: (server) =>
    withCrowd(server, SIZE, async (running, crowd) => {
      await oneByOne(crowd, running.dialect, THINK_MS, WARM_UP);
      const reading = new Reading(running);
      const { sent, ms } = await oneByOne(crowd, running.dialect, THINK_MS, BOUNDS);
      const pages = await reading.end();
      return sampleOf(crowd.tally.latencies, sent, (pages * 1_000) / ms);
    }),
};

function sampleOf(latencies: readonly number[], messages: number, pagesPerSecond: number): Sample {
  return {
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    pagesPerSecond,
    messages,
  };
}

/** A client that asks for the newest page, some at a time, until it is ended. */
class Reading {
  readonly #lanes: Promise<void>[];
  #pages = 0;
  #isOver = false;

  constructor({ port }: Running) {
    this.#lanes = Array.from({ length: PAGES_AT_ONCE }, async () => {
      while (!this.#isOver) {
        await fetchPage(port, "limit=50");
        this.#pages += 1;
      }
    });
  }

  /** Ends it; says how many pages it read. */
  async end(): Promise<number> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
    return this.#pages;
  }
}
