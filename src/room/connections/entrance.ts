import type { Cursor } from "../../protocol/cursor.ts";
import type { Session } from "./connection.ts";

/** How someone comes in. */
export interface Entrance {
  readonly id: string;
  readonly session: Session;
  readonly cursor?: Cursor | undefined;
  /** Messages of history for a client that does not resume. */
  readonly history: number;
}
