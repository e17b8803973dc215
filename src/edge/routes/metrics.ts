import { Hono } from "hono/tiny";
import { EXPOSITION_TYPE, exposition } from "../../metrics/exposition.ts";
import { addSnapshots, type MetricsApi } from "../../metrics/report.ts";
import { SHARD_NAMES } from "../../metrics/shard.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { callObject } from "../call-object.ts";
import { requireBackend } from "../caller.ts";
import type { AppEnv, Env } from "../env.ts";
import { callHub } from "../socketio/hub-stub.ts";

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
  const hubs = await hubSizes(c.env, settings.socketio.hubs);
  return c.body(exposition(snapshots.reduce(addSnapshots), hubs), 200, {
    "Content-Type": EXPOSITION_TYPE,
    "Cache-Control": "no-store",
  });
});

/** How many clients of Socket.IO poll, by hub; a hub that does not say is left out, for it counts nothing. */
async function hubSizes(env: Env, hubs: number): Promise<ReadonlyMap<number, number>> {
  const sizes = new Map<number, number>();
  if (env.SOCKETIO === undefined) return sizes;
  const ask = async (hub: number) => {
    try {
      sizes.set(hub, await callHub(env, hub, (stub) => stub.size()));
    } catch {
      // It is being moved, or of an older release.
    }
  };
  await Promise.all(Array.from({ length: hubs }, (_, hub) => ask(hub)));
  return sizes;
}
