import type { Greeting } from "../protocol/server-frame.ts";

/**
 * Below the server's default burst of 50, so that typing, receipts and a share of clock jitter fit
 * between; the server does not announce its burst.
 */
const BURST_FRAMES = 40;
/** The burst is also at most this many seconds' worth, for servers that are set stricter. */
const BURST_SECONDS = 2;
/** Of the server's rate: at exactly its rate, jitter alone would get frames refused. */
const RATE_SHARE = 0.95;
/** The server's default quota of bytes, which it does not announce (P9.5), with room as above. */
const BYTES_PER_SECOND = 65_536;
const BURST_BYTES = 200_000;

/** What may be spent, filling up over time. */
interface Bucket {
  tokens: number;
  perMs: number;
  burst: number;
}

/**
 * Token buckets that keep a connection below the server's quotas, of frames and of bytes. It matters
 * for order: a frame refused as `rate_limited` while the next one passes would be stored after it.
 */
export class Pacer {
  readonly #now: () => number;
  readonly #frames: Bucket = { tokens: 0, perMs: 0, burst: 0 };
  readonly #bytes: Bucket = { tokens: 0, perMs: 0, burst: 0 };
  #countedAt = 0;
  /** What the server announced last; `undefined` before the first connection. */
  limits: Greeting["limits"] | undefined;

  /** @param now milliseconds, monotonic enough. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new connection: full buckets, for the rate that the server announced. */
  fill(limits: Greeting["limits"]): void {
    const { framesPerSecond } = limits;
    this.limits = limits;
    const burst = Math.max(1, Math.min(BURST_FRAMES, framesPerSecond * BURST_SECONDS));
    refill(this.#frames, framesPerSecond, burst);
    refill(this.#bytes, BYTES_PER_SECOND, BURST_BYTES);
    this.#countedAt = this.#now();
  }

  /** The server refused a frame: its bucket is empty, whatever was counted here. */
  empty(): void {
    this.#count();
    this.#frames.tokens = Math.min(this.#frames.tokens, 0);
  }

  /**
   * Takes the tokens of a frame of so many bytes, if it may.
   *
   * @param debt how many frames below empty this one may go.
   * @param frames as how many it counts.
   */
  take(bytes: number, debt = 0, frames = 1): boolean {
    this.#count();
    if (this.#frames.tokens + debt < 1) return false;
    // A frame longer than the burst passes a full bucket: it would wait for ever otherwise.
    if (debt === 0 && this.#bytes.tokens < Math.min(bytes, BURST_BYTES)) return false;
    this.#frames.tokens -= frames;
    this.#bytes.tokens -= bytes;
    return true;
  }

  /** Milliseconds until a frame of so many bytes may pass; 0 when it may now. */
  waitMs(bytes: number): number {
    this.#count();
    const forFrame = waitMs(this.#frames, 1);
    return Math.max(forFrame, waitMs(this.#bytes, Math.min(bytes, BURST_BYTES)));
  }

  #count(): void {
    const now = this.#now();
    // A wall clock may be set back; that must not cost tokens.
    const elapsedMs = Math.max(0, now - this.#countedAt);
    for (const bucket of [this.#frames, this.#bytes]) {
      bucket.tokens = Math.min(bucket.burst, bucket.tokens + elapsedMs * bucket.perMs);
    }
    this.#countedAt = now;
  }
}

function refill(bucket: Bucket, perSecond: number, burst: number): void {
  bucket.perMs = (perSecond * RATE_SHARE) / 1_000;
  bucket.burst = burst;
  bucket.tokens = burst;
}

function waitMs({ tokens, perMs }: Bucket, wanted: number): number {
  return tokens >= wanted ? 0 : Math.max(1, Math.ceil((wanted - tokens) / perMs));
}
