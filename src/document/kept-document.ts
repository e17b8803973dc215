import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { DOCUMENT_DELETED, OUR_FAULT } from "../protocol/refusals.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { compact } from "./compaction.ts";
import type { DocumentStore } from "./document-store.ts";
import { type DocumentTally, NO_TALLY } from "./document-tally.ts";
import { Folding } from "./folding.ts";
import { Holdings, type Newcomers } from "./holdings.ts";
import { decodeHoldings } from "./holdings-codec.ts";
import { missingUpdates } from "./join.ts";
import { Pending } from "./pending.ts";
import { Receipts } from "./receipts.ts";
import { encodeStateVector, type StateVector } from "./state-vector.ts";
import { EMPTY_UPDATE, foldUpdates } from "./tail.ts";
import { checkUpdate } from "./update.ts";
import { type Kept, Versions, type WantedVersion } from "./versions.ts";

/** What becomes of an update that an editor sent. */
export type Offered =
  | { readonly kind: "taken" | "known" }
  /** It is not to be had. */
  | { readonly kind: "refused"; readonly error: Refusal }
  /** It cannot be taken, and its sender must not believe that it was. */
  | { readonly kind: "fatal"; readonly error: Refusal };

/** What is stored at one moment. */
export interface Standing {
  /** What is here, of which clients, as they are told it. */
  readonly vector: Uint8Array;
  /** What a client lacks that has this state vector: the last is its sync step 2, others are updates before it. */
  answer(vector: StateVector): readonly Uint8Array[];
}

const TOO_MUCH_WAITS = refusal("rate_limited", "Too much is being written; come back in a moment.");
const FULL = {
  // Whoever has what it builds on says that as well when it comes back.
  waiting: refusal(
    "rate_limited",
    "This builds on changes that are not here, and too much waits for such; come back and say all.",
  ),
  clients: refusal("too_large", "Too many clients have written to this document; make a new one."),
} as const;

/**
 * A document as it is stored, with what waits to be: nothing of it is ever built to be read or written.
 */
export class KeptDocument {
  #store: DocumentStore;
  readonly #limits: DocumentLimits;
  readonly #pending = new Pending();
  readonly #receipts = new Receipts();
  readonly #failed: (where: string, error: unknown) => void;
  readonly #tally: DocumentTally;
  #folding: Folding;
  /** Whether a fold was due while something waited to be stored. */
  #isFoldPutOff = false;
  /** Whether something was refused for want of room, which a fold may make; and when one was tried. */
  #isFull = false;
  #fullFoldAt = Number.NEGATIVE_INFINITY;
  #holdings: Holdings;

  /** @param failed told of what cannot be folded. */
  constructor(
    store: DocumentStore,
    limits: DocumentLimits,
    failed: (where: string, error: unknown) => void,
    tally: DocumentTally = NO_TALLY,
  ) {
    this.#store = store;
    this.#limits = limits;
    this.#failed = failed;
    this.#tally = tally;
    this.#folding = this.#foldingOf(store);
    this.#holdings = holdingsOf(store);
  }

  /** Begins anew on another store: the old one was erased, and what waited to be stored in it is let go of. */
  restart(store: DocumentStore): void {
    this.#pending.take();
    this.#receipts.fail(DOCUMENT_DELETED);
    this.#isFoldPutOff = false;
    this.#isFull = false;
    this.#store = store;
    this.#folding = this.#foldingOf(store);
    this.#holdings = holdingsOf(store);
  }

  /** What is stored, the oldest first. */
  get parts(): readonly Uint8Array[] {
    const snapshot = this.#store.snapshot();
    const tail = this.#store.tail();
    return snapshot === undefined ? tail : [snapshot, ...tail];
  }

  /** Whether anything was ever stored. */
  get isWritten(): boolean {
    return this.#store.isWritten;
  }

  /** Whether anything waits to be stored. */
  get hasNews(): boolean {
    return !this.#pending.isEmpty;
  }

  /** What is here, of which clients. */
  get clocks(): StateVector {
    return this.#holdings.vector;
  }

  /** The same encoded as clients are told it. */
  get vector(): Uint8Array {
    return encodeStateVector(this.#holdings.vector);
  }

  /** What there is in an update of somebody who may change nothing: `taken` is what would have been. */
  look(bytes: Uint8Array): Exclude<Offered, { readonly kind: "fatal" }> {
    const looked = this.#holdings.look(bytes);
    if (looked.kind === "refused") return refused(looked.fault);
    return { kind: looked.kind === "news" ? "taken" : "known" };
  }

  /** Takes what is new of an update, to be stored by the next {@link commit}. */
  offer(bytes: Uint8Array, newcomers?: Newcomers): Offered {
    if (!this.#pending.has(bytes.byteLength)) return { kind: "fatal", error: TOO_MUCH_WAITS };
    const admission = this.#holdings.admit(bytes, newcomers);
    switch (admission.kind) {
      case "known":
        return { kind: "known" };
      case "refused":
        return refused(admission.fault);
      case "crowd":
        return { kind: "fatal", error: admission.error };
      case "full":
        return { kind: "fatal", error: FULL[admission.of] };
      case "news":
        if (!this.#hasRoomFor(admission.update)) {
          this.#relearn();
          this.#isFull = true;
          return { kind: "fatal", error: tooLarge(this.#limits.documentBytes) };
        }
        this.#pending.add(admission.update);
        this.#tally.edited();
        return { kind: "taken" };
    }
  }

  /**
   * Stores all that waits, in one row. Returns it, to be told; `undefined` when nothing waited.
   *
   * @throws what the storage throws: then nothing of it is stored, and its senders must come back.
   */
  commit(now: number): Uint8Array | undefined {
    const updates = this.#pending.take();
    if (updates.length === 0) return undefined;
    try {
      const update = foldUpdates(updates);
      this.#store.append(update);
      this.#tally.stored(update.byteLength);
      this.#receipts.arrive();
      if (this.#isFoldPutOff) this.#foldNow(now);
      return update;
    } catch (error) {
      this.#receipts.fail(OUR_FAULT);
      this.#relearn();
      throw error;
    }
  }

  /** Waits until all that was taken so far is stored; throws the refusal that it was not. */
  stored(): Promise<void> {
    return this.hasNews ? this.#receipts.next() : Promise.resolve();
  }

  /**
   * What is stored now that nothing waits to be, for those with these state vectors, who are told it by and
   * by: what comes meanwhile is no part of it, for it may never be stored.
   */
  standing(vectors: readonly StateVector[]): Standing {
    // All of it is sent to whoever has nothing: deletions apart are for others.
    const isAsked = this.clocks.size === 0 || vectors.some(({ size }) => size > 0);
    const deletes = isAsked ? this.#holdings.deletesOnly() : EMPTY_UPDATE;
    const holdings = {
      isAllIn: (vector: StateVector) => this.#holdings.isAllIn(vector),
      deletesOnly: () => deletes,
    };
    const answer = (vector: StateVector) => missingUpdates(vector, holdings, this.#store);
    return { vector: this.vector, answer };
  }

  /** Whether the tail is long enough to be folded; shorter ones are when nobody is here. */
  isFoldDue(isEmpty: boolean): boolean {
    if (this.#isFoldPutOff) return false;
    return this.#folding.isDue(isEmpty) || (this.#isFull && this.#mayShrink);
  }

  /**
   * Folds the tail into the snapshot, which may be kept as a version; where something waits to be stored,
   * right after that is. What is held counts as stored in the snapshot, and of a busy document something
   * waits nearly always.
   */
  fold(now: number): void {
    if (this.hasNews) this.#isFoldPutOff = true;
    else this.#foldNow(now);
  }

  /** The versions of what is stored. */
  get versions(): Versions {
    return new Versions(this.#store.versions);
  }

  /** Whether the newest version is what is stored now. */
  get isVersion(): boolean {
    return this.versions.has(this.#store.head);
  }

  /** Keeps what is stored as a version. */
  keepVersion(wanted: WantedVersion, now: number): Kept {
    const { parts } = this;
    const compaction = compact(parts);
    const update = compaction.kind === "compacted" ? compaction.snapshot : foldUpdates(parts);
    return this.versions.add(wanted, update, this.#store.head, now);
  }

  /** The size of what an answer has to read, in bytes. */
  get storedBytes(): number {
    return this.#store.snapshotBytes + this.#store.tailBytes;
  }

  #foldNow(now: number): void {
    this.#isFoldPutOff = false;
    if (this.#isFull) {
      this.#isFull = false;
      const isSoon = Math.abs(now - this.#fullFoldAt) < EDITOR_BOUNDS.fullFoldMs;
      if (isSoon && !this.#folding.isDue(false)) return;
      this.#fullFoldAt = now;
    }
    this.#folding.run(this.#holdings);
    const { head, tailRows } = this.#store;
    if (tailRows > 0 || !this.versions.isDue(head, now)) return;
    const snapshot = this.#store.snapshot();
    if (snapshot !== undefined) this.versions.addAutomatic(snapshot, head, now);
  }

  #foldingOf(store: DocumentStore): Folding {
    const failed = (problem: string) => this.#failed("fold", problem);
    return new Folding(store, failed, this.#tally);
  }

  /** Deletions alone have room beyond the bound: else nobody could make a full document smaller. */
  #hasRoomFor(update: Uint8Array): boolean {
    const bytes = this.storedBytes + this.#pending.bytes + update.byteLength;
    const more = hasDeletesAlone(update) ? EDITOR_BOUNDS.fullDeletesBytes : 0;
    return bytes <= this.#limits.documentBytes + more;
  }

  /** Whether a fold may collect what was deleted since the last one. */
  get #mayShrink(): boolean {
    return this.#store.tailRows > 0 && this.storedBytes <= YJS_BOUNDS.builtBytes;
  }

  /** Forgets what was taken and is not kept. */
  #relearn(): void {
    this.#holdings = holdingsOf(this.#store);
    for (const update of this.#pending.waiting) learn(this.#holdings, update);
  }
}

/** What is known of what is stored: of the snapshot as it is kept, of the tail by reading it. */
function holdingsOf(store: DocumentStore): Holdings {
  const kept = store.holdings === undefined ? undefined : decodeHoldings(store.holdings);
  const holdings = kept ?? new Holdings();
  const snapshot = kept === undefined ? store.snapshot() : undefined;
  if (snapshot !== undefined) learn(holdings, snapshot);
  for (const update of store.tail()) learn(holdings, update);
  return holdings;
}

function learn(holdings: Holdings, bytes: Uint8Array): void {
  const checked = checkUpdate(bytes);
  // It was checked before it was stored; a release that checks more must still open it.
  if (checked.ok) holdings.learn(checked.update);
}

/** Whether an update that was checked has no items (yjs, src/utils/updates.js): it begins with their number. */
function hasDeletesAlone(update: Uint8Array): boolean {
  return update[0] === 0;
}

function refused(fault: string): Extract<Offered, { readonly kind: "refused" }> {
  return { kind: "refused", error: refusal("invalid_frame", `${fault}.`) };
}

function tooLarge(documentBytes: number): Refusal {
  return refusal("too_large", `A document has at most ${documentBytes} bytes.`);
}
