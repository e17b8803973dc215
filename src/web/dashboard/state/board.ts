import type { Json } from "../../../client/index.ts";
import { readingOf } from "./reading.ts";
import { EMPTY, extend, type Track } from "./track.ts";

/** Everything that is charted, by event name. */
export type Board = ReadonlyMap<string, Track>;

/** One published value. */
export interface Published {
  readonly event: string;
  readonly data: Json;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Whether there was no connection for a while before. */
  readonly isAfterGap?: boolean;
}

/** The board after something was published; what has no numbers is not charted. */
export function record(board: Board, { event, data, timestamp, isAfterGap }: Published): Board {
  const reading = readingOf(data);
  if (reading === undefined) return board;
  const track = board.get(event) ?? EMPTY;
  const extended = extend(track, Date.parse(timestamp) / 1_000, reading, isAfterGap === true);
  return extended === track ? board : new Map([...board, [event, extended]]);
}

/** A shorter stretch of time would be all but empty of anything to compare. */
const SHORTEST_S = 60;

/** What stretch of time the charts show, in seconds since the epoch. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The `seconds` before the newest value, or as much of them as there is; the same for all charts. */
export function stretch(board: Board, seconds: number): Stretch | undefined {
  const tracks = [...board.values()];
  const to = newest(tracks);
  if (to === undefined) return undefined;
  const oldest = Math.min(...tracks.flatMap(({ times }) => times[0] ?? []));
  return { from: to - Math.min(Math.max(to - oldest, SHORTEST_S), seconds), to };
}

/** The tracks by name, in the order of their names: the same after every reload. */
export function inOrder(board: Board): readonly (readonly [name: string, track: Track])[] {
  return [...board].sort(([a], [b]) => a.localeCompare(b));
}

function newest(tracks: readonly Track[]): number | undefined {
  const ends = tracks.flatMap(({ times }) => times.at(-1) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}
