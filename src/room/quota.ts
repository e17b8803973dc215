/** A token bucket (RFC 2697's idea): `tokens` at the time `at`, milliseconds since the epoch. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Refill a second, and size. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A bucket after one try to take a token. */
export interface Taken {
  readonly bucket: Bucket;
  readonly allowed: boolean;
  /** When refused, how long until a token is there, in milliseconds. */
  readonly retryAfterMs: number;
}

/** A full bucket. */
export function fullBucket(rate: Rate, now: number): Bucket {
  return { tokens: rate.burst, at: now };
}

/** Takes one token. A clock that jumped back refills nothing and takes nothing away. */
export function take(bucket: Bucket, rate: Rate, now: number): Taken {
  const elapsedMs = Math.max(0, now - bucket.at);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1000);
  return tokens >= 1
    ? { bucket: { tokens: tokens - 1, at: now }, allowed: true, retryAfterMs: 0 }
    : {
        bucket: { tokens, at: now },
        allowed: false,
        retryAfterMs: Math.ceil(((1 - tokens) * 1000) / rate.perSecond),
      };
}
