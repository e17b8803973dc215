import type { MetricsApi } from "../metrics/report.ts";
import { shardOf } from "../metrics/shard.ts";
import type { MetricsObject } from "./metrics-object.ts";

/** The shard that a room reports to; `undefined` where there are none. */
export function shardFor(
  room: string,
  shards: DurableObjectNamespace<MetricsObject> | undefined,
): Pick<MetricsApi, "report"> | undefined {
  if (shards === undefined) return undefined;
  // A new stub each time: one that failed may stay broken.
  return { report: (report) => shards.getByName(shardOf(room)).report(report) };
}
