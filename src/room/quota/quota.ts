/**
 * A token bucket (RFC 2697's idea): `tokens` at the time `at`, milliseconds since the epoch. It may
 * be in debt.
 */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Refill a second, and size. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A bucket after one try to take from it. */
export interface Taken {
  readonly bucket: Bucket;
  readonly allowed: boolean;
  /** When refused, how long until there is enough, in milliseconds. */
  readonly retryAfterMs: number;
}

/** A full bucket. */
export function fullBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, at: now };
}

/**
 * Takes tokens: all or none. What costs more than the bucket holds waits until it is full, and leaves
 * it in debt. A clock that jumped back refills nothing and takes nothing away.
 */
export function take(bucket: Bucket, rate: Rate, now: number, count = 1): Taken {
  const elapsedMs = Math.max(0, now - bucket.at);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1000);
  const needed = Math.min(count, rate.burst);
  return tokens >= needed
    ? { bucket: { tokens: tokens - count, at: now }, allowed: true, retryAfterMs: 0 }
    : {
        bucket: { tokens, at: now },
        allowed: false,
        retryAfterMs: Math.ceil(((needed - tokens) * 1000) / rate.perSecond),
      };
}
