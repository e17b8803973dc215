import * as encoding from "lib0/encoding";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { type ByteReader, Malformed } from "./byte-reader.ts";
import { addMissing, eachRange, type Ranges, sorted } from "./ranges.ts";

/** Which items are deleted, by the client that made them (yjs 13.6.33, src/utils/DeleteSet.js). */
export type DeleteSet = ReadonlyMap<number, Ranges>;

/** Reads the delete set that an update ends with. */
export function readDeleteSet(reader: ByteReader): DeleteSet {
  const deletes = new Map<number, Ranges>();
  for (let clients = reader.uint(); clients > 0; clients--) {
    const client = reader.uint();
    const count = reader.uint();
    const pairs: number[] = deletes.get(client) ?? [];
    for (let index = 0; index < count; index++) {
      const from = reader.uint();
      const length = reader.uint();
      if (length === 0) throw new Malformed("it deletes nothing");
      if (from + length > YJS_BOUNDS.clock)
        throw new Malformed("it deletes what no client can have made");
      pairs.push(from, from + length);
    }
    if (pairs.length > 0) deletes.set(client, sorted(pairs));
    if (deletes.size > YJS_BOUNDS.clients) throw new Malformed("it names too many clients");
  }
  return deletes;
}

/** Writes a delete set as an update ends with it: the highest client first, as Yjs does. */
export function writeDeleteSet(encoder: encoding.Encoder, deletes: DeleteSet): void {
  encoding.writeVarUint(encoder, deletes.size);
  for (const [client, ranges] of [...deletes].sort(([one], [other]) => other - one)) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges.length / 2);
    eachRange(ranges, (from, to) => {
      encoding.writeVarUint(encoder, from);
      encoding.writeVarUint(encoder, to - from);
    });
  }
}

/** What of `deletes` is not in `known`. */
export function newDeletes(deletes: DeleteSet, known: DeleteSet): DeleteSet {
  const fresh = new Map<number, Ranges>();
  for (const [client, ranges] of deletes) {
    const before = known.get(client);
    if (before === undefined) {
      fresh.set(client, ranges);
      continue;
    }
    const missing: Ranges = [];
    eachRange(ranges, (from, to) => {
      addMissing(missing, before, from, to);
    });
    if (missing.length > 0) fresh.set(client, missing);
  }
  return fresh;
}

/** Whether two delete sets are the same. */
export function areSameDeletes(one: DeleteSet, other: DeleteSet): boolean {
  if (one.size !== other.size) return false;
  for (const [client, ranges] of one) {
    const others = other.get(client);
    if (others === ranges) continue;
    if (others === undefined || others.length !== ranges.length) return false;
    if (ranges.some((clock, index) => clock !== others[index])) return false;
  }
  return true;
}
