import type { Doc, Transaction } from "yjs";
import { decodeStateVector, decodeUpdate, encodeStateVector, parseUpdateMeta } from "yjs";

type DeleteSet = Transaction["deleteSet"];

/** A stretch of what was deleted. */
interface Deletion {
  readonly client: number;
  clock: number;
  /** Of the first that is not part of it. */
  end: number;
  /** After how many questions it was deleted. */
  readonly round: number;
  /** Not by whoever is here: it came from a copy on the device, or from another tab. */
  readonly isBrought: boolean;
}

/** So many stretches are known one by one, before only a receipt can tell of them. */
const DELETIONS_MAX = 1_000;

/**
 * What was changed here and is not stored by the server yet, as far as is known. What is inserted has a
 * place in the order of its client, and a server that has stored one has all before it. What is deleted
 * has none: it is told again stretch by stretch, or, where the server knew it already, never; then
 * the answer to a question that was asked later says that it is stored.
 */
export class Unsaved {
  /** How far each client is to be stored. */
  readonly #clocks = new Map<number, number>();
  #deletions: Deletion[] = [];
  /** After how many questions something was deleted of which no more is known. */
  #vague: number | undefined;
  /** The same of what was brought along. */
  #vaguelyBrought: number | undefined;
  #isTrusting = false;
  /** How many receipts were asked for. */
  #round = 0;

  get isEmpty(): boolean {
    return this.#clocks.size === 0 && this.#deletions.length === 0 && !this.isVague;
  }

  /** Whether there may be deletions among it of which only a receipt can tell. */
  get isVague(): boolean {
    return this.#vague !== undefined || this.#vaguelyBrought !== undefined;
  }

  /** Something was changed here. */
  add({ beforeState, afterState, deleteSet, local }: Transaction): void {
    for (const [client, clock] of afterState) {
      if (clock > (beforeState.get(client) ?? 0)) this.#clocks.set(client, clock);
    }
    if (!local && this.#isTrusting) return;
    for (const [client, items] of deleteSet.clients) {
      for (const { clock, len } of items) this.#delete(client, clock, clock + len, !local);
    }
  }

  /** What a document held before it was opened here. */
  addAll(doc: Doc): void {
    for (const [client, clock] of decodeStateVector(encodeStateVector(doc))) {
      this.#clocks.set(client, clock);
      this.#vaguelyBrought = this.#round;
    }
  }

  /**
   * Whether what was deleted elsewhere and brought along is taken for stored. Most of it came from the
   * server once, and to whoever may only read it never says so.
   */
  trust(isTrusting: boolean): void {
    this.#isTrusting = isTrusting;
    if (!isTrusting) return;
    this.#vaguelyBrought = undefined;
    this.#deletions = this.#deletions.filter(({ isBrought }) => !isBrought);
  }

  /** The server has stored an update. Returns whether something of it was awaited. */
  stored(update: Uint8Array): boolean {
    if (this.isEmpty) return false;
    const { to } = parseUpdateMeta(update);
    const isAwaited = [...to.keys()].some((client) => this.#clocks.has(client));
    this.#reached(to);
    return this.#deletions.length > 0
      ? this.#told(decodeUpdate(update).ds) || isAwaited
      : isAwaited;
  }

  /** The server has stored all of an encoded state vector. */
  has(vector: Uint8Array): void {
    if (this.#clocks.size > 0) this.#reached(decodeStateVector(vector));
  }

  /** A receipt is asked for of all that was added and sent so far. */
  asked(): void {
    this.#round += 1;
  }

  /** It has come. */
  receipt(): void {
    this.#deletions = this.#deletions.filter(({ round }) => round >= this.#round);
    this.#vague = after(this.#round, this.#vague);
    this.#vaguelyBrought = after(this.#round, this.#vaguelyBrought);
  }

  #told({ clients }: DeleteSet): boolean {
    const before = this.#deletions;
    this.#deletions = before.flatMap((deletion) => {
      let left = [deletion];
      for (const { clock, len } of clients.get(deletion.client) ?? []) {
        left = left.flatMap((one) => without(one, clock, clock + len));
      }
      return left;
    });
    return lengthOf(this.#deletions) < lengthOf(before);
  }

  #reached(clocks: ReadonlyMap<number, number>): void {
    for (const [client, clock] of clocks) {
      if ((this.#clocks.get(client) ?? Number.POSITIVE_INFINITY) <= clock) {
        this.#clocks.delete(client);
      }
    }
  }

  #delete(client: number, clock: number, end: number, isBrought: boolean): void {
    const last = this.#deletions.at(-1);
    const isAlike = last?.round === this.#round && last.isBrought === isBrought;
    if (last?.client === client && isAlike) {
      // As whoever holds the key down does, one way or the other.
      if (last.clock === end) last.clock = clock;
      else if (last.end === clock) last.end = end;
      if (last.clock === clock || last.end === end) return;
    }
    this.#deletions.push({ client, clock, end, round: this.#round, isBrought });
    if (this.#deletions.length <= DELETIONS_MAX) return;
    for (const one of this.#deletions.splice(0)) {
      if (one.isBrought) this.#vaguelyBrought = this.#round;
      else this.#vague = this.#round;
    }
  }
}

/** A round, unless it was before this one. */
function after(round: number, of: number | undefined): number | undefined {
  return of !== undefined && of < round ? undefined : of;
}

/** What is left of a stretch. */
function without(whole: Deletion, from: number, to: number): Deletion[] {
  const before = { ...whole, end: Math.min(whole.end, from) };
  const after = { ...whole, clock: Math.max(whole.clock, to) };
  return [before, after].filter(({ clock, end }) => clock < end);
}

function lengthOf(deletions: readonly Deletion[]): number {
  return deletions.reduce((sum, { clock, end }) => sum + end - clock, 0);
}
