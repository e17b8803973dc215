import type { Tally } from "./tally.ts";

/** Which messages one reader has, a bit each, and in which order they came. */
export class Received {
  readonly #tally: Tally;
  readonly #bits: Uint8Array;
  readonly #lastOf: Int32Array;
  readonly #sampled: boolean;
  /** How many different ones. */
  count = 0;
  /** A hash of the order they came in: readers who heard the same order have the same. */
  order = 0;

  /** @param sampled whether it writes delivery times down. */
  constructor(tally: Tally, senders: number, sampled: boolean) {
    this.#tally = tally;
    this.#bits = new Uint8Array(Math.ceil(tally.capacity / 8));
    this.#lastOf = new Int32Array(senders).fill(-1);
    this.#sampled = sampled;
  }

  /** Ticks off what came. */
  take(numbers: readonly number[]): void {
    const tally = this.#tally;
    const bits = this.#bits;
    const lastOf = this.#lastOf;
    const now = performance.now();
    let fresh = 0;
    for (const number of numbers) {
      const bit = 1 << (number & 7);
      const byte = bits[number >> 3] ?? 0xff;
      if ((byte & bit) !== 0) continue;
      bits[number >> 3] = byte | bit;
      tally.lastAtOf[number] = now;
      fresh += 1;
      this.order = (Math.imul(this.order, 31) + number) | 0;
      const owner = tally.owner[number] ?? 0;
      if (number < (lastOf[owner] ?? -1)) tally.disordered += 1;
      lastOf[owner] = number;
    }
    this.count += fresh;
    tally.delivered += fresh;
    tally.duplicates += numbers.length - fresh;
    tally.lastAt = now;
    if (!this.#sampled) return;
    for (const number of numbers) tally.latencies.push(now - (tally.dueAt[number] ?? now));
  }
}
