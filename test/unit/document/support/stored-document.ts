import { compact } from "../../../../src/document/compaction.ts";
import { Holdings } from "../../../../src/document/holdings.ts";
import { decodeHoldings, encodeHoldings } from "../../../../src/document/holdings-codec.ts";
import { missingUpdates } from "../../../../src/document/join.ts";
import { readStateVector } from "../../../../src/document/state-vector.ts";
import { foldUpdates } from "../../../../src/document/tail.ts";
import { checkUpdate } from "../../../../src/document/update.ts";

/** A document as an object keeps it: a snapshot, a tail, and what is known of both. */
export class StoredDocument {
  snapshot: Uint8Array | undefined;
  tail: Uint8Array[] = [];
  holdings = new Holdings();
  #kept = encodeHoldings(this.holdings);

  /** Stores what is new; hands back what the others are told. */
  take(update: Uint8Array): Uint8Array | undefined {
    const admission = this.holdings.admit(update);
    if (admission.kind !== "news" && admission.kind !== "known")
      throw new Error(JSON.stringify(admission));
    if (admission.kind === "known") return undefined;
    this.tail.push(admission.update);
    return admission.update;
  }

  answer(vector: Uint8Array): readonly Uint8Array[] {
    const read = readStateVector(vector);
    if (!read.ok) throw new Error(read.fault);
    return missingUpdates(read.vector, this.holdings, {
      holdings: this.snapshot && this.#kept,
      snapshot: () => this.snapshot,
      tail: () => this.tail,
    });
  }

  get parts(): Uint8Array[] {
    return this.snapshot === undefined ? this.tail : [this.snapshot, ...this.tail];
  }

  compact(): void {
    const compaction = compact(this.parts);
    if (compaction.kind !== "compacted") throw new Error(JSON.stringify(compaction));
    this.snapshot = compaction.snapshot;
    this.tail = [];
    this.holdings.learnDeletes(compaction.deletes);
    this.#kept = encodeHoldings(this.holdings);
  }

  /** As a flush of many edits is stored: one row. */
  foldLast(count: number): void {
    if (this.tail.length > 0) this.tail.push(foldUpdates(this.tail.splice(-count)));
  }

  /** As an object that was evicted finds itself again. */
  restart(): void {
    const holdings = decodeHoldings(this.#kept);
    if (holdings === undefined) throw new Error("kept holdings cannot be read");
    for (const update of this.tail) {
      const checked = checkUpdate(update);
      if (!checked.ok) throw new Error(checked.fault);
      holdings.learn(checked.update);
    }
    this.holdings = holdings;
  }
}
