import { Hono } from "hono/tiny";
import { EXPOSITION_TYPE, exposition } from "../../metrics/exposition.ts";
import { addSnapshots, type MetricsApi } from "../../metrics/report.ts";
import { SHARD_NAMES } from "../../metrics/shard.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { callObject } from "../call-object.ts";
import { requireBackend } from "../caller.ts";
import type { AppEnv } from "../env.ts";

/** The numbers of all rooms for Prometheus (P11.2): every shard is asked, at once. */
export const metrics = new Hono<AppEnv>().get("/metrics", async (c) => {
  const { settings } = c.var;
  await requireBackend(c.req.raw, settings);
  const { METRICS } = c.env;
  if (METRICS === undefined || settings.metricsReportMs === 0) {
    throw new ProtocolError(
      "not_found",
      "Metrics are off: METRICS is not bound, or its time is 0.",
    );
  }
  // All or nothing: without one of them the counters would fall, which reads as a restart.
  const snapshots = await Promise.all(
    SHARD_NAMES.map((name) =>
      callObject(
        "The counting",
        (): Pick<MetricsApi, "snapshot"> => METRICS.getByName(name),
        (shard) => shard.snapshot(),
      ),
    ),
  );
  return c.body(exposition(snapshots.reduce(addSnapshots)), 200, {
    "Content-Type": EXPOSITION_TYPE,
    "Cache-Control": "no-store",
  });
});
