import { type Bucket, fullBucket, type Rate, take } from "./quota.ts";

/** A client that was away says at once what it has to say: so many seconds' worth. */
const BURST_SECONDS = 10;

/** What one client of a team's own server may say; 0 is no bound. */
export interface PacketLimits {
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Counts what a client of a team's own server says: packets, and what they weigh. */
export class PacketQuota {
  readonly #rates: readonly (Rate | undefined)[];
  readonly #buckets: (Bucket | undefined)[];

  /** @param now milliseconds since the epoch, as in what follows. */
  constructor({ packetsPerSecond, bytesPerSecond }: PacketLimits, now: number) {
    this.#rates = [packetsPerSecond, bytesPerSecond].map((perSecond) =>
      perSecond === 0 ? undefined : { perSecond, burst: perSecond * BURST_SECONDS },
    );
    this.#buckets = this.#rates.map((rate) => rate && fullBucket(rate, now));
  }

  /** Counts a packet. False when it is one too many. */
  take(bytes: number, now: number): boolean {
    return [1, bytes].every((count, at) => {
      const rate = this.#rates[at];
      const bucket = this.#buckets[at];
      if (rate === undefined || bucket === undefined) return true;
      const taken = take(bucket, rate, now, count);
      this.#buckets[at] = taken.bucket;
      return taken.allowed;
    });
  }
}
