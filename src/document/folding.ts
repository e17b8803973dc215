import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { compact } from "./compaction.ts";
import type { DocumentStore } from "./document-store.ts";
import type { DocumentTally } from "./document-tally.ts";
import type { Holdings } from "./holdings.ts";
import { encodeHoldings } from "./holdings-codec.ts";
import { findBreaking } from "./quarantine.ts";
import { foldUpdates } from "./tail.ts";
import { checkUpdate } from "./update.ts";

const { tailRows, tailBytes, restRows } = EDITOR_BOUNDS;

/**
 * Folds the tail of a document into its snapshot, when that saves more than it costs. Nothing of the tail
 * is let go of before the new snapshot was read back.
 */
export class Folding {
  readonly #store: DocumentStore;
  readonly #failed: (problem: string) => void;
  readonly #tally: Pick<DocumentTally, "folded">;
  /** After a fold that did not come about, the tail grows to twice its length before the next. */
  #patienceRows = 0;

  constructor(
    store: DocumentStore,
    failed: (problem: string) => void,
    tally: Pick<DocumentTally, "folded">,
  ) {
    this.#store = store;
    this.#failed = failed;
    this.#tally = tally;
  }

  /** @param isEmpty whether nobody is here: then a shorter tail is folded, unless it is a small part. */
  isDue(isEmpty: boolean): boolean {
    const { tailRows: rows, tailBytes: bytes, snapshotBytes } = this.#store;
    if (rows < this.#patienceRows) return false;
    if (rows > tailRows || bytes > tailBytes) return true;
    return isEmpty && rows > restRows && bytes * 4 > snapshotBytes;
  }

  run(holdings: Holdings): void {
    try {
      this.#run(holdings);
    } catch (error) {
      // What could not be stored left the tail as it was.
      this.#wait(error instanceof Error ? error.message : String(error));
    }
  }

  #run(holdings: Holdings): void {
    const snapshot = this.#store.snapshot();
    const tail = this.#store.tail();
    const parts = snapshot === undefined ? tail : [snapshot, ...tail];
    const compaction = compact(parts);
    this.#patienceRows = 0;
    switch (compaction.kind) {
      case "compacted":
        holdings.learnDeletes(compaction.deletes);
        this.#keep(compaction.snapshot, holdings);
        return;
      case "too_large":
        this.#merge(parts, holdings);
        return;
      case "broken":
        this.#setAside(snapshot, tail, holdings, compaction.reason);
    }
  }

  /** What is too large to be built is merged, which collects nothing of what was deleted. */
  #merge(parts: readonly Uint8Array[], holdings: Holdings): void {
    const merged = foldUpdates(parts);
    if (checkUpdate(merged).ok) this.#keep(merged, holdings);
    else this.#wait("what was merged cannot be read back");
  }

  #setAside(
    snapshot: Uint8Array | undefined,
    tail: readonly Uint8Array[],
    holdings: Holdings,
    reason: string,
  ): void {
    const breaking = findBreaking(snapshot, tail);
    if (breaking === undefined || breaking.length === 0) {
      this.#wait(reason);
      return;
    }
    const sound = tail.filter((_, at) => !breaking.includes(at));
    const compaction = compact(snapshot === undefined ? sound : [snapshot, ...sound]);
    if (compaction.kind !== "compacted") {
      this.#wait(reason);
      return;
    }
    this.#failed(`${breaking.length} updates were set aside: ${reason}`);
    const setAside = tail.filter((_, at) => breaking.includes(at));
    this.#keep(compaction.snapshot, holdings, setAside);
  }

  #keep(snapshot: Uint8Array, holdings: Holdings, setAside: readonly Uint8Array[] = []): void {
    const known = encodeHoldings(holdings);
    // Of a hundred thousand clients no row could hold it: then it is found again by reading the snapshot.
    const kept = known.length > EDITOR_BOUNDS.partBytes ? new Uint8Array() : known;
    this.#store.fold(snapshot, kept, setAside);
    this.#tally.folded(setAside.length);
  }

  #wait(reason: string): void {
    this.#patienceRows = this.#store.tailRows * 2;
    this.#failed(reason);
  }
}
