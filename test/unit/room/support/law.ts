import { encode } from "@msgpack/msgpack";

// A failure prints both; give them back as SEED and SEED_PATH to see it again.
/** What all runs of a property begin from. */
export const SEED = Number(process.env["SEED"] ?? 20_261_126);
/** Which run alone to do. */
export const PATH = process.env["SEED_PATH"];
/** How many runs. */
export const RUNS = Number(process.env["RUNS"] ?? 150);
/** The same as fast-check takes it. */
export const PARAMETERS = {
  seed: SEED,
  numRuns: RUNS,
  ...(PATH === undefined ? {} : { path: PATH }),
};
/** How long so many may take. */
export const TIMEOUT_MS = 60_000 + RUNS * 1_000;

/** A frame as MessagePack says it. */
export function encoded(frame: object): Uint8Array<ArrayBuffer> {
  return encode(frame, { useBigInt64: true });
}

/** The same as JSON text carries it. */
export function inJson(value: unknown): unknown {
  const plain = (_: string, item: unknown) => (typeof item === "bigint" ? Number(item) : item);
  return JSON.parse(JSON.stringify(value, plain));
}
