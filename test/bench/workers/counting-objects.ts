import app, {
  DocumentObject as ShippedDocument,
  MetricsObject as ShippedMetrics,
  RoomObject as ShippedRoom,
} from "./index.js";
import { ObjectCounter } from "./object-counter.ts";
import type { Counts } from "./object-counts.ts";
import { type Rooms, throughDoor } from "./room-door.ts";

const room = new ObjectCounter();
const document = new ObjectCounter();
const metrics = new ObjectCounter();

/** The shipped room, counted. */
export class RoomObject extends ShippedRoom {
  constructor(ctx: DurableObjectState, env: object) {
    room.storage(ctx.storage);
    super(ctx, env);
    room.constructed(this);
  }
}

/** The shipped document, counted. */
export class DocumentObject extends ShippedDocument {
  constructor(ctx: DurableObjectState, env: object) {
    document.storage(ctx.storage);
    super(ctx, env);
    document.constructed(this);
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
document.methods(DocumentObject.prototype);
metrics.methods(MetricsObject.prototype);

interface CountedEnv {
  readonly ROOM: Rooms;
}

export default {
  fetch(request: Request, env: CountedEnv, ctx: ExecutionContext): Response | Promise<Response> {
    if (new URL(request.url).pathname !== "/bench/counts") {
      return throughDoor(request, env.ROOM) ?? app.fetch(request, env, ctx);
    }
    const counts: Counts = {
      room: room.counts,
      document: document.counts,
      metrics: metrics.counts,
    };
    return Response.json(counts);
  },
};
