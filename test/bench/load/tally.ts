/** What was sent and what came of it, over all connections of one run. */
export class Tally {
  /** Most messages of one run. */
  readonly capacity: number;
  /** When each message was due, by its number, in milliseconds of `performance.now`. */
  readonly dueAt: Float64Array;
  /** When each message's last copy came. */
  readonly lastAtOf: Float64Array;
  /** Which sender each message is of. */
  readonly owner: Uint16Array;
  /** How many were sent, and by each sender. */
  sent = 0;
  readonly sentBy = new Map<number, number>();
  /** How many first copies came, over all readers. */
  delivered = 0;
  /** How many copies came again. */
  duplicates = 0;
  /** How many were answered with success, and how many without. */
  answered = 0;
  refused = 0;
  /** How many answers came again, or to whoever had not sent that message. */
  strayAnswers = 0;
  /** How many copies came before an earlier message of the same sender. */
  disordered = 0;
  /** When the last copy came. */
  lastAt = 0;
  /** Delivery times that sampled readers saw, in milliseconds. */
  latencies: number[] = [];

  readonly #isAnswered: Uint8Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.dueAt = new Float64Array(capacity);
    this.lastAtOf = new Float64Array(capacity);
    this.owner = new Uint16Array(capacity);
    this.#isAnswered = new Uint8Array(capacity);
  }

  /** Numbers a message of a sender that was due at `at`. */
  next(owner: number, at: number): number {
    const id = this.sent;
    this.sent += 1;
    this.dueAt[id] = at;
    this.owner[id] = owner;
    this.sentBy.set(owner, (this.sentBy.get(owner) ?? 0) + 1);
    return id;
  }

  /** Ticks off an answer that `sender` heard. Returns whether it was waited for. */
  answer(id: number, sender: number, success: boolean): boolean {
    if (id >= this.sent || this.owner[id] !== sender || this.#isAnswered[id] === 1) {
      this.strayAnswers += 1;
      return false;
    }
    this.#isAnswered[id] = 1;
    if (success) this.answered += 1;
    else this.refused += 1;
    return true;
  }
}
