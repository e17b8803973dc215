/**
 * Below the server's default burst of 50, so that typing, receipts and a share of clock jitter fit
 * between; the server does not announce its burst.
 */
const BURST_FRAMES = 40;
/** The burst is also at most this many seconds' worth, for servers that are set stricter. */
const BURST_SECONDS = 2;
/** Of the server's rate: at exactly its rate, jitter alone would get frames refused. */
const RATE_SHARE = 0.95;

/**
 * A token bucket that keeps a connection below the server's frame quota. It matters for order: a
 * frame refused as `rate_limited` while the next one passes would be stored after it.
 */
export class Pacer {
  readonly #now: () => number;
  #tokens = 0;
  #countedAt = 0;
  #perMs = 0;
  #burst = 0;

  /** @param now milliseconds, monotonic enough. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new connection: a full bucket, for the rate that the server announced. */
  fill(framesPerSecond: number): void {
    this.#perMs = (framesPerSecond * RATE_SHARE) / 1_000;
    this.#burst = Math.max(1, Math.min(BURST_FRAMES, framesPerSecond * BURST_SECONDS));
    this.#tokens = this.#burst;
    this.#countedAt = this.#now();
  }

  /** The server refused a frame: its bucket is empty, whatever was counted here. */
  empty(): void {
    this.#count();
    this.#tokens = Math.min(this.#tokens, 0);
  }

  /**
   * Takes a frame's token, if it may.
   *
   * @param debt how many frames below empty this one may go.
   */
  take(debt = 0): boolean {
    this.#count();
    if (this.#tokens + debt < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until the next token; 0 when there is one. */
  waitMs(): number {
    this.#count();
    return this.#tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs));
  }

  #count(): void {
    const now = this.#now();
    // A wall clock may be set back; that must not cost tokens.
    const elapsedMs = Math.max(0, now - this.#countedAt);
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsedMs * this.#perMs);
    this.#countedAt = now;
  }
}
