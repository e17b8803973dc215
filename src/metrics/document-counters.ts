import { ERROR_CODES, type ErrorCode } from "../protocol/error.ts";
import { type Counts, NO_COUNTS } from "./counts.ts";
import { type Ending, endingKey } from "./ending.ts";
import type { Counting } from "./reporter.ts";

/** How connections to documents come, as they are counted. */
const TRANSPORT = "yjs";

/** Counts what happens in a Yjs document, until whoever owns it takes it. */
export class DocumentCounters implements Counting {
  #framesIn = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #connects = 0;
  #edits = 0;
  #storedBytes = 0;
  #folds = 0;
  #setAside = 0;
  #deadLetters = 0;
  #deadLettersDropped = 0;
  readonly #refused = new Map<string, number>();
  readonly #disconnects = new Map<string, number>();
  readonly #ruleFailures = new Map<string, number>();
  #peak = 0;
  #hasCounted = false;

  /** Whether anything happened that is to be told: frames alone, which cursors are, go with what comes next. */
  get hasCounted(): boolean {
    return this.#hasCounted;
  }

  /** The most connections at once that were seen. */
  get peak(): number {
    return this.#peak;
  }

  /** What happened since {@link take}. */
  get counts(): Counts {
    return {
      ...NO_COUNTS,
      framesIn: this.#framesIn,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      connects: this.#connects === 0 ? {} : { [TRANSPORT]: this.#connects },
      disconnects: Object.fromEntries(this.#disconnects),
      ruleFailures: Object.fromEntries(this.#ruleFailures),
      deadLetters: this.#deadLetters,
      deadLettersDropped: this.#deadLettersDropped,
      documents: {
        edits: this.#edits,
        refused: Object.fromEntries(this.#refused),
        storedBytes: this.#storedBytes,
        folds: this.#folds,
        setAside: this.#setAside,
      },
    };
  }

  /** Hands over what was counted, and begins anew; the peak stays. */
  take(): Counts {
    const { counts } = this;
    this.#framesIn = this.#bytesIn = this.#bytesOut = this.#connects = 0;
    this.#edits = this.#storedBytes = this.#folds = this.#setAside = 0;
    this.#deadLetters = this.#deadLettersDropped = 0;
    for (const tally of [this.#refused, this.#disconnects, this.#ruleFailures]) tally.clear();
    this.#hasCounted = false;
    return counts;
  }

  /** Forgets all of it, for another document begins. */
  restart(): void {
    this.take();
    this.#peak = 0;
  }

  came(connections: number): void {
    this.#connects += 1;
    this.#peak = Math.max(this.#peak, connections);
    this.#hasCounted = true;
  }

  ended(ending: Ending): void {
    this.#count(this.#disconnects, endingKey(ending));
  }

  heard(bytes: number): void {
    this.#framesIn += 1;
    this.#bytesIn += bytes;
  }

  sent(bytes: number): void {
    this.#bytesOut += bytes;
  }

  edited(): void {
    this.#edits += 1;
    this.#hasCounted = true;
  }

  /** Words of a team's own rules would be series without an end: they are `other`. */
  refused(code: ErrorCode): void {
    this.#count(this.#refused, Object.hasOwn(ERROR_CODES, code) ? code : "other");
  }

  stored(bytes: number): void {
    this.#storedBytes += bytes;
    this.#hasCounted = true;
  }

  folded(setAside: number): void {
    this.#folds += 1;
    this.#setAside += setAside;
    this.#hasCounted = true;
  }

  /** A rule of the team's has failed, under this key. */
  blamed(key: string): void {
    this.#count(this.#ruleFailures, key);
  }

  /** So many deliveries were given up, and so many that were before them had to go. */
  buried(letters: number, dropped: number): void {
    this.#deadLetters += letters;
    this.#deadLettersDropped += dropped;
    this.#hasCounted = true;
  }

  #count(tally: Map<string, number>, key: string): void {
    tally.set(key, (tally.get(key) ?? 0) + 1);
    this.#hasCounted = true;
  }
}
