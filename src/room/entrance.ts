import type { Session } from "./connection.ts";
import type { Cursor } from "./resume.ts";

/** How someone comes in. */
export interface Entrance {
  readonly id: string;
  readonly session: Session;
  readonly cursor?: Cursor | undefined;
  /** Messages of history for who does not resume. */
  readonly history: number;
}
