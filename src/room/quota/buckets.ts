import { type Bucket, fullBucket, type Rate, type Taken, take } from "./quota.ts";

/**
 * Buckets kept before the full ones are dropped: a stranger must not fill the memory with names.
 * Dropping them looks at each, so it is done no more often than an empty one takes to fill.
 */
const SWEEP_ABOVE = 1_000;

/** Token buckets of one rate by name, a user's id most often; one that is full needs no memory. */
export class Buckets {
  readonly #rate: Rate;
  readonly #refillMs: number;
  readonly #buckets = new Map<string, Bucket>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#refillMs = (rate.burst * 1000) / rate.perSecond;
  }

  /** What taking so many tokens would come to; nothing is taken. */
  try(name: string, now: number, count = 1): Taken {
    return take(this.#buckets.get(name) ?? fullBucket(this.#rate, now), this.#rate, now, count);
  }

  /** Takes tokens, if they are there. */
  take(name: string, now: number, count = 1): Taken {
    const taken = this.try(name, now, count);
    this.#buckets.set(name, taken.bucket);
    if (this.#buckets.size > SWEEP_ABOVE) this.#sweep(now);
    return taken;
  }

  #sweep(now: number): void {
    // Either way: the clock may have been set back.
    if (Math.abs(now - this.#sweptAt) < this.#refillMs) return;
    this.#sweptAt = now;
    for (const [name, { tokens, at }] of this.#buckets) {
      const debtMs = (Math.max(0, -tokens) * 1000) / this.#rate.perSecond;
      if (now - at >= this.#refillMs + debtMs) this.#buckets.delete(name);
    }
  }
}
