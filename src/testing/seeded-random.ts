import { uuidFrom } from "../client/uuid.ts";

/** Random numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A version 4 UUID (RFC 9562 §5.4) that is the same for the same random numbers. */
export function seededUuid(random: () => number): string {
  return uuidFrom(Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)));
}
