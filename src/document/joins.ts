import type { Attendance } from "./attendance.ts";
import type { AwarenessBook } from "./awareness.ts";
import type { Debts } from "./debts.ts";
import type { KeptDocument, Standing } from "./kept-document.ts";
import { knownIn, type StateVector } from "./state-vector.ts";
import { writeAwareness, writeSyncStep1, writeSyncStep2, writeUpdate } from "./wire.ts";

/** Who is to be sent the document, and makes what is sent. */
export type Join = readonly [id: string, greeting: (now: number) => readonly Uint8Array[]];

/** Those who asked for what they lack, until it is their turn: no more is sent at once than may be owed. */
export class Joins {
  readonly #document: KeptDocument;
  readonly #book: AwarenessBook;
  readonly #debts: Debts;
  readonly #waiting = new Map<string, StateVector>();

  constructor(document: KeptDocument, book: AwarenessBook, debts: Debts) {
    this.#document = document;
    this.#book = book;
    this.#debts = debts;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Whether they must wait until others have read theirs. */
  get isHeld(): boolean {
    return !this.isEmpty && !this.#debts.has(this.#document.storedBytes);
  }

  /** Somebody asks. Nothing follows from what they have of clients that are not here, and they may wait long. */
  add(id: string, vector: StateVector): void {
    this.#waiting.set(id, knownIn(vector, this.#document.clocks));
  }

  remove(id: string): void {
    this.#waiting.delete(id);
  }

  /**
   * Takes as many as may be sent it now, of those who are still here. When not all may, those go first whose
   * address owes the least: however many of one address read nothing of what they asked for, they let others pass.
   */
  take(attendance: Pick<Attendance, "get" | "owedBeside">): readonly Join[] {
    for (const id of this.#waiting.keys()) {
      if (attendance.get(id) === undefined) this.#waiting.delete(id);
    }
    const waiting = [...this.#waiting];
    if (!this.#debts.has(this.#document.storedBytes * waiting.length, waiting.length === 1)) {
      const owed = attendance.owedBeside();
      waiting.sort(([one], [other]) => owed(one) - owed(other));
    }
    const taken: [id: string, vector: StateVector][] = [];
    let bytes = 0;
    for (const join of waiting) {
      bytes += this.#document.storedBytes;
      if (!this.#debts.has(bytes, taken.length === 0)) break;
      taken.push(join);
    }
    if (taken.length === 0) return [];
    for (const [id] of taken) this.#waiting.delete(id);
    const standing = this.#document.standing(taken.map(([, vector]) => vector));
    return taken.map(([id, vector]) => [id, (now) => this.#greeting(vector, standing, now)]);
  }

  /** All that a client lacks, what it is asked for, and who is here. */
  #greeting(vector: StateVector, standing: Standing, now: number): readonly Uint8Array[] {
    const updates = standing.answer(vector);
    const last = updates.length - 1;
    const frames = updates.map((update, at) =>
      at === last ? writeSyncStep2(update) : writeUpdate(update),
    );
    // Behind the step 2: the client's answer shows that it has read that.
    frames.push(writeSyncStep1(standing.vector));
    const shown = this.#book.greet(now);
    if (shown !== undefined) frames.push(writeAwareness(shown));
    return frames;
  }
}
