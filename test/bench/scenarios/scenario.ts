import type { Server } from "../servers/server.ts";

/** One thing to measure, on every server it makes sense for. */
export interface Scenario {
  readonly name: string;
  /** What it is asked for by together with others, beside its own name. */
  readonly group?: string;
  /** A sentence for the table's heading, with every size in it. */
  readonly title: string;
  readonly servers: readonly Server[];
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** Sentences under the table. */
  readonly notes: readonly string[];
  /** Most files that are open at a time in one process. */
  readonly openFiles: number;
  /** Starts the server, measures once, stops it. */
  run(server: Server): Promise<Sample>;
}

/** What one run measured, by column. */
export type Sample = Readonly<Record<string, number>>;

/** A figure of a run. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly digits: number;
  /** Beyond it in any run the cell is marked, and a note of the scenario says what that means. */
  readonly marksAbove?: number;
}

/** A figure to reach. */
export type Target =
  | {
      /** A ratio between two servers' figures in the same round, judged by its median. */
      readonly kind: "ratio";
      readonly column: string;
      readonly of: string;
      readonly to: string;
      /** The other server's column, where it is another one. */
      readonly toColumn?: string;
      readonly atLeast: number;
      readonly text: string;
    }
  | {
      /** A figure of one server. */
      readonly kind: "figure";
      readonly column: string;
      readonly of: string;
      readonly atMost: number;
      /** `worst` for what must hold in every run. */
      readonly judgedBy: "median" | "worst";
      readonly text: string;
    };

/** That a server's figure is at least so many times another's. */
export function ratio(
  column: string,
  of: string,
  to: string,
  atLeast: number,
  text: string,
  toColumn = column,
): Target {
  return { kind: "ratio", column, of, to, toColumn, atLeast, text };
}
