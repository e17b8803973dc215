/** How far back is looked, in milliseconds. */
const WINDOW_MS = 2_000;
/** When all of the last so many milliseconds were above the least by more than that, it is outdated. */
const RECENT_MS = 400;
const OUTDATED_BY_MS = 20;
/** Fewer say nothing. */
const RECENT_COUNT = 4;

interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * The least of what was measured lately, in milliseconds: of what is on its way the quickest tells best
 * when it was sent. When a line has become slower for good, the least goes up a moment later.
 */
export class LeastLately {
  #samples: readonly Sample[] = [];
  #least = 0;

  get least(): number {
    return this.#least;
  }

  add(value: number, at: number): void {
    const samples = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
    samples.push({ at, value });
    const recent = samples.filter((sample) => at - sample.at <= RECENT_MS);
    const least = leastOf(recent);
    const isOutdated =
      recent.length >= RECENT_COUNT && least - leastOf(samples) > OUTDATED_BY_MS && spans(recent);
    this.#samples = isOutdated ? recent : samples;
    this.#least = leastOf(this.#samples);
  }

  /** Nineteen of twenty were above the least by no more than this. */
  get spread(): number {
    const sorted = this.#samples.map(({ value }) => value).sort((one, other) => one - other);
    return (sorted[Math.floor((sorted.length - 1) * 0.95)] ?? this.#least) - this.#least;
  }
}

function leastOf(samples: readonly Sample[]): number {
  return samples.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/** Whether these are of a while: those of a burst came late together. */
function spans(samples: readonly Sample[]): boolean {
  return (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0) > RECENT_MS / 2;
}
