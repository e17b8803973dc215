import { BOUNDS } from "../../protocol/limits.ts";
import type { Connection } from "../connections/connection.ts";

/** How many places there are between the smallest first mark and the largest. */
const STAGGERS = 64;

/**
 * How much later than others a connection is sent its first mark, in bytes. A room sends all of its
 * readers the same: their marks, and so their answers, must not come all at once.
 */
export function markStaggerBytes({ id }: Pick<Connection, "id">): number {
  const place = (id.charCodeAt(0) * 16 + id.charCodeAt(1)) % STAGGERS;
  return (place * BOUNDS.firstMarkBytes) / STAGGERS;
}
