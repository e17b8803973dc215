import * as encoding from "lib0/encoding";
import { diffUpdate } from "yjs";
import type { Refusal } from "../protocol/error.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { areSameDeletes, type DeleteSet, newDeletes, writeDeleteSet } from "./delete-set.ts";
import { addAll, type Ranges } from "./ranges.ts";
import {
  encodeStateVector,
  includesVector,
  type StateVector,
  StoredClocks,
} from "./state-vector.ts";
import { checkUpdate, type Run, type Update } from "./update.ts";
import { missingFor, type WaitingUpdate, WaitingUpdates } from "./waiting.ts";

/** What a document makes of an update that somebody sent. */
export type Admission =
  /** To be stored and told: all of it is new. */
  | { readonly kind: "news"; readonly update: Uint8Array }
  /** All of it is stored already. */
  | { readonly kind: "known" }
  /** In plain words what is wrong with it. */
  | { readonly kind: "refused"; readonly fault: string }
  /** Nothing is wrong with it but that there is no room: for more clients, or for what waits on others. */
  | { readonly kind: "full"; readonly of: "clients" | "waiting" }
  /** It brings more clients than its sender may. */
  | { readonly kind: "crowd"; readonly error: Refusal };

/** Why somebody may not bring so many clients that nobody has heard of; `undefined` when they may. */
export type Newcomers = (count: number) => Refusal | undefined;

/** What holdings are made of, to be kept and taken back (./holdings-codec.ts). */
export interface HeldParts {
  readonly vector: StateVector;
  readonly ahead: DeleteSet;
  readonly deletes: DeleteSet;
  readonly forgetsDeletes: boolean;
  readonly waiting: readonly WaitingUpdate[];
}

/**
 * What a document has stored, known from the updates alone: which items, which deletions, and what
 * waits on a gap. It decides what of an update is new, so that a client that comes back and says again
 * what it has costs neither a row nor a frame.
 */
export class Holdings {
  readonly #clocks: StoredClocks;
  readonly #deletes = new Map<number, Ranges>();
  readonly #waiting: WaitingUpdates;
  #deletedRanges = 0;
  #forgetsDeletes: boolean;

  constructor(parts?: HeldParts) {
    this.#clocks = new StoredClocks(parts?.vector, parts?.ahead);
    this.#waiting = new WaitingUpdates(parts?.waiting);
    this.#forgetsDeletes = parts?.forgetsDeletes ?? false;
    if (parts !== undefined) this.learnDeletes(parts.deletes);
  }

  get parts(): HeldParts {
    return {
      vector: this.#clocks.vector,
      ahead: this.#clocks.ahead,
      deletes: this.#deletes,
      forgetsDeletes: this.#forgetsDeletes,
      waiting: this.#waiting.list,
    };
  }

  /** What a client is told that is here. */
  get vector(): StateVector {
    return this.#clocks.vector;
  }

  /** Whether a client that has `vector` lacks no items, so that {@link deletesOnly} is all it may lack. */
  isAllIn(vector: StateVector): boolean {
    return (
      !this.#forgetsDeletes &&
      this.#clocks.ahead.size === 0 &&
      includesVector(vector, this.#clocks.vector)
    );
  }

  /** An update of all deletions: a client does not tell which it has. */
  deletesOnly(): Uint8Array {
    return encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 0);
      writeDeleteSet(encoder, this.#deletes);
    });
  }

  /** Size of what waits on a gap, in bytes. */
  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  /** Checks an update of a client, and takes what is new in it for stored. */
  admit(bytes: Uint8Array, newcomers: Newcomers = () => undefined): Admission {
    const checked = checkUpdate(bytes);
    if (!checked.ok) return { kind: "refused", fault: checked.fault };
    if (checked.update.runs.length > checked.update.clients + YJS_BOUNDS.gaps)
      return { kind: "refused", fault: "it has too many gaps" };
    const fresh = this.#newIn(checked.update);
    if (fresh === undefined) return { kind: "known" };
    return this.#take(fresh, newcomers) ?? { kind: "news", update: fresh.bytes };
  }

  /** What there is in an update of a client who may change nothing: news, or none, or it is no update. */
  look(bytes: Uint8Array): Exclude<Admission, { readonly kind: "full" | "crowd" }> {
    const checked = checkUpdate(bytes);
    if (!checked.ok) return { kind: "refused", fault: checked.fault };
    const fresh = this.#newIn(checked.update);
    return fresh === undefined ? { kind: "known" } : { kind: "news", update: fresh.bytes };
  }

  /** Takes in an update that was stored once, without any bound but its own. */
  learn(update: Update): void {
    const stands = this.#clocks.with(update.runs);
    const clockOf = (client: number) => stands.get(client)?.clock ?? this.#clocks.get(client);
    this.#store(update, stands, missingFor(update, clockOf));
  }

  /** Takes in what a compaction found to be deleted: all within what was deleted. */
  learnDeletes(deletes: DeleteSet): void {
    for (const [client, ranges] of deletes) {
      const known = this.#deletes.get(client) ?? [];
      const before = known.length;
      const room = 2 * (YJS_BOUNDS.deletedRanges - this.#deletedRanges);
      if (ranges.length > room) this.#forgetsDeletes = true;
      const added = addAll(known, ranges.slice(0, room));
      this.#deletedRanges += (added.length - before) / 2;
      this.#deletes.set(client, added);
    }
  }

  /** An update cut down to what is not stored yet; `undefined` when that is nothing. */
  #newIn(update: Update): Update | undefined {
    const deletes = newDeletes(update.deletes, this.#deletes);
    const overlaps = update.runs.some(({ client, from }) => from < this.#clocks.get(client));
    const isNew = ({ client, to }: Run) => to > this.#clocks.get(client);
    const hasItems = update.runs.some(isNew);
    if (!hasItems && deletes.size === 0) return undefined;
    if (!overlaps && areSameDeletes(deletes, update.deletes)) return update;
    const items = overlaps ? this.#withoutStored(update) : update;
    return withDeletes(items, deletes);
  }

  #withoutStored(update: Update): Update {
    const stored = new Map<number, number>();
    for (const { client } of update.runs) stored.set(client, this.#clocks.get(client));
    return checkedAgain(diffUpdate(update.bytes, encodeStateVector(stored)));
  }

  /** Takes an update in; why not. */
  #take(update: Update, newcomers: Newcomers): Admission | undefined {
    const stands = this.#clocks.with(update.runs);
    const comers = [...stands.keys()].filter((client) => this.#clocks.get(client) === 0).length;
    if (this.#clocks.clients + comers > YJS_BOUNDS.clients) return { kind: "full", of: "clients" };
    const clockOf = (client: number) => stands.get(client)?.clock ?? this.#clocks.get(client);
    const needs = missingFor(update, clockOf);
    if (needs.length > 0 && !this.#hasRoomToWait(update)) return { kind: "full", of: "waiting" };
    const error = comers === 0 ? undefined : newcomers(comers);
    if (error !== undefined) return { kind: "crowd", error };
    this.#store(update, stands, needs);
    return undefined;
  }

  #hasRoomToWait({ bytes }: Update): boolean {
    return (
      this.#waiting.hasRoomFor(bytes.length) && this.#clocks.aheadRanges < YJS_BOUNDS.aheadRanges
    );
  }

  #store(
    update: Update,
    stands: ReturnType<StoredClocks["with"]>,
    needs: WaitingUpdate["needs"],
  ): void {
    this.#clocks.take(stands);
    this.learnDeletes(update.deletes);
    if (needs.length > 0) this.#waiting.add({ bytes: update.bytes.length, needs });
    this.#waiting.settle((client) => this.#clocks.get(client));
  }
}

function withDeletes(items: Update, deletes: DeleteSet): Update {
  return checkedAgain(
    encoding.encode((encoder) => {
      encoding.writeUint8Array(encoder, items.bytes.subarray(0, items.deletesAt));
      writeDeleteSet(encoder, deletes);
    }),
  );
}

/** What we made of an update that passed the check, which passes it as well. */
function checkedAgain(bytes: Uint8Array): Update {
  const checked = checkUpdate(bytes);
  if (!checked.ok) throw new Error(`a part of an update is none: ${checked.fault}`);
  return checked.update;
}
