import * as encoding from "lib0/encoding";
import { type ByteReader, Malformed, readBytes } from "./byte-reader.ts";
import { readDeleteSet, writeDeleteSet } from "./delete-set.ts";
import { type HeldParts, Holdings } from "./holdings.ts";
import { readVector, writeVector } from "./state-vector.ts";
import type { WaitingUpdate } from "./waiting.ts";

const VERSION = 1;

/** Holdings as they are kept beside a snapshot, so that waking up need not read all of it. */
export function encodeHoldings({ parts }: Holdings): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, VERSION);
    writeVector(encoder, parts.vector);
    writeDeleteSet(encoder, parts.ahead);
    writeDeleteSet(encoder, parts.deletes);
    encoding.writeVarUint(encoder, parts.forgetsDeletes ? 1 : 0);
    writeWaiting(encoder, parts.waiting);
  });
}

/** Takes kept holdings back; `undefined` when they are of no version that we know. */
export function decodeHoldings(bytes: Uint8Array): Holdings | undefined {
  const read = readBytes(bytes, partsOf);
  return read.ok ? new Holdings(read.value) : undefined;
}

function partsOf(reader: ByteReader): HeldParts {
  if (reader.uint() !== VERSION) throw new Malformed("it is of another version");
  return {
    vector: readVector(reader),
    ahead: readDeleteSet(reader),
    deletes: readDeleteSet(reader),
    forgetsDeletes: reader.uint() === 1,
    waiting: readWaiting(reader),
  };
}

function writeWaiting(encoder: encoding.Encoder, updates: readonly WaitingUpdate[]): void {
  encoding.writeVarUint(encoder, updates.length);
  for (const { bytes, needs } of updates) {
    encoding.writeVarUint(encoder, bytes);
    encoding.writeVarUint(encoder, needs.length);
    for (const [client, clock] of needs) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
    }
  }
}

function readWaiting(reader: ByteReader): WaitingUpdate[] {
  const updates: WaitingUpdate[] = [];
  for (let count = reader.uint(); count > 0; count--) {
    const bytes = reader.uint();
    const needs: [number, number][] = [];
    for (let left = reader.uint(); left > 0; left--) needs.push([reader.uint(), reader.uint()]);
    updates.push({ bytes, needs });
  }
  return updates;
}
