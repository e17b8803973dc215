/** Takes back what was scheduled; harmless when it is too late. */
export type Cancel = () => void;

interface Timer {
  readonly at: number;
  /** Of two that are due at once, the one that was set first runs first. */
  readonly order: number;
  run: (() => void) | undefined;
}

const CANCELLED = undefined;

/**
 * Time that passes only when it is told to: what is due runs in order, and whatever promises follow
 * from it settle before time goes on. Milliseconds since the epoch.
 */
export class VirtualClock {
  /** Hears that something was set to run. */
  scheduled: (() => void) | undefined;
  readonly #heap: Timer[] = [];
  #nowMs: number;
  #order = 0;

  constructor(now: number) {
    this.#nowMs = now;
  }

  readonly now = (): number => this.#nowMs;

  /** Runs something once, `delayMs` from now; time passes in whole milliseconds. */
  readonly after = (delayMs: number, run: () => void): Cancel => {
    const at = this.#nowMs + Math.max(0, Math.ceil(delayMs));
    const timer: Timer = { at, order: this.#order, run };
    this.#order += 1;
    this.#push(timer);
    this.scheduled?.();
    return () => {
      timer.run = CANCELLED;
    };
  };

  /** When the next is due; `undefined` when nothing is. */
  get nextAt(): number | undefined {
    while (this.#heap[0]?.run === CANCELLED && this.#heap.length > 0) this.#pop();
    return this.#heap[0]?.at;
  }

  /** Lets so many milliseconds pass. */
  async advance(ms: number): Promise<void> {
    const until = this.#nowMs + ms;
    await settled();
    while (await this.step(until)) {
      // What is due has run.
    }
    this.#nowMs = until;
  }

  /** Runs the next that is due by a time, and what follows from it; `false` when there is none. */
  async step(until: number): Promise<boolean> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.run === CANCELLED) continue;
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.run();
      await settled();
      return true;
    }
    return false;
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isSooner(timer, heap[parent])) break;
      heap[index] = heap[parent] ?? timer;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (isSooner(heap[child + 1], heap[child])) child += 1;
      const sooner = heap[child];
      if (sooner === undefined || !isSooner(sooner, last)) break;
      heap[index] = sooner;
      index = child;
    }
    heap[index] = last;
  }
}

function isSooner(one: Timer | undefined, other: Timer | undefined): boolean {
  if (one === undefined) return false;
  if (other === undefined) return true;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Lets every promise that can settle do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
