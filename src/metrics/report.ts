import * as z from "zod";
import { addCounts, countsSchema } from "./counts.ts";
import { gaugeSchema } from "./gauge.ts";

/** What a room, or the edge, tells its shard. */
export const reportSchema = z.object({
  /** What happened since the last report. */
  counts: countsSchema,
  /** A room's share of the gauges: what it said before, and what it says now. */
  gauge: z.object({ before: gaugeSchema, after: gaugeSchema }).optional(),
  /** Whether it is a Yjs document that tells it. */
  isDocument: z.literal(true).optional(),
});

/** See {@link reportSchema}. */
export type Report = Readonly<z.output<typeof reportSchema>>;

/** What a shard knows, or all of them together. */
const snapshotSchema = z.object({
  counts: countsSchema,
  connections: z.number(),
  /** Rooms with at least one connection. */
  rooms: z.number(),
  /** The same of Yjs documents; absent from a shard of an older release. */
  documents: z.object({ connections: z.number(), open: z.number() }).optional(),
});

/** See {@link snapshotSchema}. */
export type Snapshot = Readonly<z.output<typeof snapshotSchema>>;

/** What two shards know together. */
export function addSnapshots(a: Snapshot, b: Snapshot): Snapshot {
  return {
    counts: addCounts(a.counts, b.counts),
    connections: a.connections + b.connections,
    rooms: a.rooms + b.rooms,
    documents: {
      connections: (a.documents?.connections ?? 0) + (b.documents?.connections ?? 0),
      open: (a.documents?.open ?? 0) + (b.documents?.open ?? 0),
    },
  };
}

/** What the Worker and the rooms ask of a shard by RPC. */
export interface MetricsApi {
  report(report: Report): Promise<void>;
  snapshot(): Promise<Snapshot>;
}
