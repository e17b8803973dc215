import type { MetricsApi } from "../metrics/report.ts";
import { shardOf } from "../metrics/shard.ts";
import { within } from "./deadline.ts";
import type { MetricsObject } from "./metrics-object.ts";

/** How long a shard may take, in milliseconds: it adds up in memory. */
const REPORT_MS = 5_000;

/** The shard that a room reports to; `undefined` where there are none. */
export function shardFor(
  room: string,
  shards: DurableObjectNamespace<MetricsObject> | undefined,
): Pick<MetricsApi, "report"> | undefined {
  if (shards === undefined) return undefined;
  // A new stub each time: one that failed may stay broken.
  return {
    report: (report) => within(REPORT_MS, shards.getByName(shardOf(room)).report(report)),
  };
}
