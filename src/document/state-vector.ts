import * as encoding from "lib0/encoding";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { type ByteReader, Malformed, readBytes } from "./byte-reader.ts";
import { eachRange, type Ranges, union } from "./ranges.ts";
import type { Run } from "./update.ts";

/** By client, how many of its clocks are there without a gap (Yjs's state vector). */
export type StateVector = ReadonlyMap<number, number>;

export type ReadVector =
  | { readonly ok: true; readonly vector: StateVector }
  /** In plain words what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

/** Reads a state vector as a client sends it. */
export function readStateVector(bytes: Uint8Array): ReadVector {
  const read = readBytes(bytes, readVector);
  return read.ok ? { ok: true, vector: read.value } : read;
}

/** Reads a state vector that more follows. */
export function readVector(reader: ByteReader): Map<number, number> {
  const vector = new Map<number, number>();
  const count = reader.uint();
  if (count > YJS_BOUNDS.clients) throw new Malformed("it names too many clients");
  for (let index = 0; index < count; index++) vector.set(reader.uint(), reader.uint());
  return vector;
}

/** Writes a state vector as Yjs does: the highest client first. */
export function writeVector(encoder: encoding.Encoder, vector: StateVector): void {
  encoding.writeVarUint(encoder, vector.size);
  for (const [client, clock] of [...vector].sort(([one], [other]) => other - one)) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
}

export function encodeStateVector(vector: StateVector): Uint8Array {
  return encoding.encode((encoder) => {
    writeVector(encoder, vector);
  });
}

/** Whether all that `part` has is in `whole`. */
export function includesVector(whole: StateVector, part: StateVector): boolean {
  for (const [client, clock] of part) if ((whole.get(client) ?? 0) < clock) return false;
  return true;
}

/** What of a vector is about clients that another one knows: of a stranger's, the rest may be anything. */
export function knownIn(vector: StateVector, known: StateVector): StateVector {
  const kept = new Map<number, number>();
  for (const client of vector.size < known.size ? vector.keys() : known.keys()) {
    const clock = vector.get(client);
    if (clock !== undefined && known.has(client)) kept.set(client, clock);
  }
  return kept;
}

/** Where a client stands after an update: how far without a gap, and what lies ahead of that. */
interface Stand {
  readonly clock: number;
  readonly ahead: Ranges;
}

/**
 * Which items are stored, by client. What arrived ahead of a gap is remembered apart: the vector must
 * not jump over the gap, or what fills it would be taken for known, and nobody asked for it.
 */
export class StoredClocks {
  readonly #vector: Map<number, number>;
  readonly #ahead: Map<number, Ranges>;
  #aheadRanges = 0;

  constructor(vector: StateVector = new Map(), ahead: ReadonlyMap<number, Ranges> = new Map()) {
    this.#vector = new Map(vector);
    this.#ahead = new Map(ahead);
    for (const ranges of ahead.values()) this.#aheadRanges += ranges.length / 2;
  }

  /** What a client is told that we have. */
  get vector(): StateVector {
    return this.#vector;
  }

  /** What is stored beyond gaps. */
  get ahead(): ReadonlyMap<number, Ranges> {
    return this.#ahead;
  }

  /** How many ranges that are. */
  get aheadRanges(): number {
    return this.#aheadRanges;
  }

  get(client: number): number {
    return this.#vector.get(client) ?? 0;
  }

  /** Clients of which something is stored. */
  get clients(): number {
    return this.#vector.size + this.#ahead.size;
  }

  /** Where the clients of these runs would stand with them; nothing is taken in yet. */
  with(runs: readonly Run[]): ReadonlyMap<number, Stand> {
    const ranges = new Map<number, Ranges>();
    for (const { client, from, to } of runs) {
      const known = ranges.get(client);
      if (known === undefined) ranges.set(client, [from, to]);
      else known.push(from, to);
    }
    const stands = new Map<number, Stand>();
    for (const [client, added] of ranges)
      stands.set(client, standWith(this.get(client), this.#ahead.get(client) ?? [], added));
    return stands;
  }

  take(stands: ReadonlyMap<number, Stand>): void {
    for (const [client, { clock, ahead }] of stands) {
      if (clock > 0) this.#vector.set(client, clock);
      this.#aheadRanges += (ahead.length - (this.#ahead.get(client)?.length ?? 0)) / 2;
      if (ahead.length > 0) this.#ahead.set(client, ahead);
      else this.#ahead.delete(client);
    }
  }
}

function standWith(before: number, aheadBefore: Ranges, added: Ranges): Stand {
  let clock = before;
  const ahead: Ranges = [];
  eachRange(union(aheadBefore, added), (from, to) => {
    if (from <= clock) clock = Math.max(clock, to);
    else ahead.push(from, to);
  });
  return { clock, ahead };
}
