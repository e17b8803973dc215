import type { Reading } from "./reading.ts";

/** What one event of a topic has said so far, as columns that a chart can draw. */
export interface Track {
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[];
  /** Each as long as `times`; `null` where there is no value, which interrupts the line. */
  readonly series: ReadonlyMap<string, readonly (number | null)[]>;
}

/** Values that are kept: a quarter of an hour, and no more than a chart can show. */
export const KEPT_S = 900;
const POINTS_MAX = 5_000;

/** An event that has said nothing. */
export const EMPTY: Track = { times: [], series: new Map() };

/**
 * A track with one more reading; one no newer than the last is that one again.
 *
 * @param isAfterGap whether something may have been missed before it.
 */
export function extend(
  track: Track,
  seconds: number,
  reading: Reading,
  isAfterGap: boolean,
): Track {
  const last = track.times.at(-1);
  if (last !== undefined && seconds <= last) return track;
  const start = last !== undefined && isAfterGap ? append(track, (last + seconds) / 2) : track;
  return trim(append(start, seconds, reading), seconds);
}

/** Numbers of the newest reading. */
export function lastOf({ series }: Track): Reading {
  return at({ series }, -1);
}

/** Numbers of one reading, by its place. */
export function at({ series }: Pick<Track, "series">, index: number): Reading {
  const known = new Map<string, number>();
  for (const [label, values] of series) {
    const value = values.at(index);
    if (value !== undefined && value !== null) known.set(label, value);
  }
  return known;
}

/** How many readings there are since a moment, gaps not counted. */
export function countSince({ times, series }: Track, seconds: number): number {
  const columns = [...series.values()];
  return times.filter(
    (time, index) => time >= seconds && columns.some((values) => values[index] !== null),
  ).length;
}

function append({ times, series }: Track, seconds: number, reading: Reading = new Map()): Track {
  const labels = new Set([...series.keys(), ...reading.keys()]);
  const blank = times.map(() => null);
  return {
    times: [...times, seconds],
    series: new Map(
      [...labels].map((label) => [
        label,
        [...(series.get(label) ?? blank), reading.get(label) ?? null],
      ]),
    ),
  };
}

function trim(track: Track, now: number): Track {
  const { times, series } = track;
  const old = times.findIndex((time) => time >= now - KEPT_S);
  const cut = Math.max(old, times.length - POINTS_MAX);
  if (cut <= 0) return track;
  const kept = [...series].map(([label, values]) => [label, values.slice(cut)] as const);
  return {
    times: times.slice(cut),
    // A series that is no longer published does not stay for ever.
    series: new Map(kept.filter(([, values]) => values.some((value) => value !== null))),
  };
}
