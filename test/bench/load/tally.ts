/** What was sent and what came of it, over all connections of one run. */
export class Tally {
  /** Most messages of one run. */
  readonly capacity: number;
  /** When each message was due, by its number, in milliseconds of `performance.now`. */
  readonly dueAt: Float64Array;
  /** When each message's last copy came. */
  readonly lastAtOf: Float64Array;
  /** Which sender each message is of. */
  readonly owner: Uint16Array;
  /** How many were sent. */
  sent = 0;
  /** How many first copies came, over all readers. */
  delivered = 0;
  /** How many copies came again. */
  duplicates = 0;
  /** How many were answered with success, and how many without. */
  answered = 0;
  refused = 0;
  /** When the last copy came. */
  lastAt = 0;
  /** Delivery times that sampled readers saw, in milliseconds. */
  latencies: number[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.dueAt = new Float64Array(capacity);
    this.lastAtOf = new Float64Array(capacity);
    this.owner = new Uint16Array(capacity);
  }

  /** Numbers a message of a sender that was due at `at`. */
  next(owner: number, at: number): number {
    const id = this.sent;
    this.sent += 1;
    this.dueAt[id] = at;
    this.owner[id] = owner;
    return id;
  }
}

/** Which messages one reader has, a bit each. */
export class Received {
  readonly #tally: Tally;
  readonly #bits: Uint8Array;
  readonly #sampled: boolean;
  /** How many different ones. */
  count = 0;

  /** @param sampled whether it writes delivery times down. */
  constructor(tally: Tally, sampled: boolean) {
    this.#tally = tally;
    this.#bits = new Uint8Array(Math.ceil(tally.capacity / 8));
    this.#sampled = sampled;
  }

  /** Ticks off what came. */
  take(numbers: readonly number[]): void {
    const tally = this.#tally;
    const bits = this.#bits;
    const now = performance.now();
    let fresh = 0;
    for (const number of numbers) {
      const bit = 1 << (number & 7);
      const byte = bits[number >> 3] ?? 0xff;
      if ((byte & bit) !== 0) continue;
      bits[number >> 3] = byte | bit;
      tally.lastAtOf[number] = now;
      fresh += 1;
    }
    this.count += fresh;
    tally.delivered += fresh;
    tally.duplicates += numbers.length - fresh;
    tally.lastAt = now;
    if (!this.#sampled) return;
    for (const number of numbers) tally.latencies.push(now - (tally.dueAt[number] ?? now));
  }
}
