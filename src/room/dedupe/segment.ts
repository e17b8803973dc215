import type { ArchivedKeys } from "../log/key-archive.ts";
import type { Stretch } from "../log/log.ts";

/** The hashed keys of a stretch of the log: which of them may be in it, and which are not. */
export class Segment implements ArchivedKeys {
  readonly after: number;
  readonly upTo: number;
  until: number;
  readonly hashes: Int32Array;
  isSaved: boolean;

  constructor({ after, upTo, until, hashes }: ArchivedKeys, isSaved: boolean) {
    this.after = after;
    this.upTo = upTo;
    this.until = until;
    this.hashes = hashes;
    this.isSaved = isSaved;
  }

  /** One of hashes in any order, which is not saved yet. */
  static of({ after, upTo }: Stretch, hashes: Iterable<number>, until: number): Segment {
    return new Segment({ after, upTo, until, hashes: Int32Array.from(hashes).sort() }, false);
  }

  /** `false` is certain. `true` is wrong for one key in a million, so that the log has the last word. */
  mayHave(hash: number): boolean {
    let low = 0;
    let high = this.hashes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.hashes[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return this.hashes[low] === hash;
  }
}
