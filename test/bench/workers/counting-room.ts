import app, { MetricsObject as ShippedMetrics, RoomObject as ShippedRoom } from "./index.js";
import { ObjectCounter } from "./object-counter.ts";
import type { Counts } from "./object-counts.ts";

const room = new ObjectCounter();
const metrics = new ObjectCounter();

/** The shipped room, counted. */
export class RoomObject extends ShippedRoom {
  constructor(ctx: DurableObjectState, env: object) {
    room.storage(ctx.storage);
    super(ctx, env);
    room.constructed(this);
  }
}

/** The shipped shard of the metrics, counted. */
export class MetricsObject extends ShippedMetrics {
  constructor(ctx: DurableObjectState, env: object) {
    metrics.storage(ctx.storage);
    super(ctx, env);
    metrics.constructed(this);
  }
}

room.methods(RoomObject.prototype);
metrics.methods(MetricsObject.prototype);

export default {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response> {
    return new URL(request.url).pathname === "/bench/counts"
      ? Response.json({ room: room.counts, metrics: metrics.counts } satisfies Counts)
      : app.fetch(request, env, ctx);
  },
};
