import type { Answer } from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";

/**
 * Of whom an answer is: a person in a room, by one token, and from where, which a rule may go by: a
 * token that was stolen must not come in by the answer to its owner.
 */
export interface Whose {
  readonly room: string;
  readonly userId: string;
  /** Tells the token from every other one. */
  readonly token: string;
  /** That limits count by. */
  readonly address: string;
}

interface Pending {
  readonly whose: Whose;
  readonly asked: Promise<Answer>;
  /** When the platform must have ended it, should it have no answer by then. */
  readonly until: number;
}

interface Kept {
  readonly whose: Whose;
  readonly answer: Answer;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * What rules answered lately, so that not each request and poll asks anew; and those that are asked now,
 * so that of several at once one asks. One of each isolate.
 */
export class AnswersKept {
  readonly #kept = new Map<string, Kept>();
  readonly #pending = new Map<string, Pending>();

  /** An answer that may still be used. */
  find(whose: Whose, now: number): Answer | undefined {
    const key = keyOf(whose);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    // One of the future came before the clock was set back.
    if (now < kept.until && kept.answer.askedAt <= now) return kept.answer;
    this.#kept.delete(key);
    return undefined;
  }

  /** Asks, unless the same is being asked already, and keeps what comes of it for a while. */
  ask(whose: Whose, question: () => Promise<Answer>, now: number): Promise<Answer> {
    const key = keyOf(whose);
    const pending = this.#pending.get(key);
    if (pending !== undefined && now < pending.until) return pending.asked;
    const asked = question()
      .then((answer) => {
        if (this.#pending.get(key)?.asked === asked) this.#keep(key, whose, answer);
        return answer;
      })
      .finally(() => {
        if (this.#pending.get(key)?.asked === asked) this.#pending.delete(key);
      });
    this.#dropLost(now);
    this.#pending.set(key, { whose, asked, until: now + AUTHORITY_BOUNDS.authorizeMs });
    return asked;
  }

  /** Forgets what is known, and being asked, of a room, or of one user there. */
  forget(room: string, userId: string | undefined): void {
    for (const [key, { whose }] of this.#kept) {
      if (isOf(whose, room, userId)) this.#kept.delete(key);
    }
    for (const [key, { whose }] of this.#pending) {
      if (isOf(whose, room, userId)) this.#pending.delete(key);
    }
  }

  /** Of what the platform ended there will be no word: nobody may ever ask the same again. */
  #dropLost(now: number): void {
    for (const [key, { until }] of this.#pending) {
      // They were put in by their time.
      if (now < until) break;
      this.#pending.delete(key);
    }
  }

  #keep(key: string, whose: Whose, answer: Answer): void {
    const ms = keptMs(answer);
    if (ms === 0) return;
    // As new: the one that was put in first goes first.
    this.#kept.delete(key);
    if (this.#kept.size >= AUTHORITY_BOUNDS.answersKept) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    this.#kept.set(key, { whose, answer, until: answer.askedAt + ms });
  }
}

function keptMs({ verdict }: Answer): number {
  switch (verdict.kind) {
    case "granted":
      return Math.min(verdict.forMs ?? Number.POSITIVE_INFINITY, AUTHORITY_BOUNDS.answerKeptMs);
    case "refused":
      return AUTHORITY_BOUNDS.refusalKeptMs;
    case "failed":
      return 0;
  }
}

function isOf(whose: Whose, room: string, userId: string | undefined): boolean {
  return whose.room === room && (userId === undefined || whose.userId === userId);
}

function keyOf({ room, userId, token, address }: Whose): string {
  return JSON.stringify([room, userId, token, address]);
}
