import { BOUNDS } from "../../protocol/limits.ts";
import type { MarkRule } from "../../protocol/settings.ts";
import type { Connection } from "../connections/connection.ts";
import type { UnreadBudget } from "./unread-budget.ts";

/**
 * The proof that those can give who do not know marks: a close. Whoever reads answers it once it has
 * read all that came before, and comes back with its cursor. So when more was sent to such peers
 * than a room may hold, one of them is called back. If its socket ends, half of what the others were
 * sent is taken for read as well; if it does not, nothing is any more, and the next ones go at once.
 * Who it is, chance decides, by what each was sent: nobody can wait behind those that do read.
 */
export class Recalls {
  readonly #budget: UnreadBudget;
  readonly #marks: MarkRule;
  readonly #random: () => number;
  /** Those whose sockets have yet to end, and when they were closed, milliseconds since the epoch. */
  readonly #open = new Map<string, number>();
  #answered = 0;
  #silent = 0;
  /** How many of a crowd are called back at once. */
  #size = 1;
  #isTrusting = true;
  /** When a crowd was last looked at, milliseconds since the epoch. */
  #crowdLookedAt = Number.NEGATIVE_INFINITY;

  /** @param random from 0 up to 1. */
  constructor(budget: UnreadBudget, marks: MarkRule, random: () => number) {
    this.#budget = budget;
    this.#marks = marks;
    this.#random = random;
  }

  /** A socket has ended, of whichever connection. */
  ended(id: string): void {
    if (this.#open.delete(id)) this.#answered += 1;
  }

  /** Who is to be closed now. */
  next(connections: Iterable<Connection>, now: number): readonly Connection[] {
    this.#judge(connections, now);
    if (this.#budget.doubtedExcess === 0) return [];
    if (Math.abs(now - this.#crowdLookedAt) < BOUNDS.recallLookMs) return [];
    const crowd = [...connections].filter(
      ({ state, unread }) => state === "open" && unread.isDoubted,
    );
    const doubted = crowd.filter(({ unread }) => unread.doubted > 0);
    // Where each of a crowd was sent a little, what the room may hold is little too.
    const isCrowd = this.#marks !== "at-once" && crowd.length > BOUNDS.markDebtors;
    if (isCrowd) this.#crowdLookedAt = now;
    const chosen = isCrowd ? this.#ofCrowd(doubted) : this.#ofFew(doubted);
    for (const { id } of chosen) this.#open.set(id, now);
    return chosen;
  }

  /** While an answer is on its way, a little more is let pass. */
  #ofFew(doubted: readonly Connection[]): readonly Connection[] {
    if (!this.#isTrusting) return this.#pick(doubted, doubted.length);
    if (this.#open.size === 0) return this.#pick(doubted, 1);
    // Where nothing more is sent until then, one more would only have to be waited for as well.
    const waits = this.#marks === "at-once" || !this.#budget.isDoubtedTooMuch;
    return waits ? [] : this.#pick(doubted, 1);
  }

  /**
   * One of a crowd, for a thousand that do read would all have to come back; the more the less they
   * answer. Not before they were sent much, for each of them costs a resume.
   */
  #ofCrowd(doubted: readonly Connection[]): readonly Connection[] {
    if (this.#open.size > 0) return [];
    const much = doubted.filter(({ unread }) => unread.doubted >= BOUNDS.unreadShareBytes);
    return this.#pick(much, this.#size);
  }

  /** As many as make up the excess, but no more than `most`. */
  #pick(among: readonly Connection[], most: number): readonly Connection[] {
    const picked: Connection[] = [];
    let excess = this.#budget.doubtedExcess;
    // Those that have not even shown life lately come first.
    for (const isSilent of [true, false]) {
      const left = among.filter(({ unread }) => unread.isMuch === isSilent);
      while (left.length > 0 && excess > 0 && picked.length < most) {
        const [one] = left.splice(this.#draw(left), 1);
        if (one === undefined) break;
        picked.push(one);
        excess -= one.unread.doubted;
      }
    }
    return picked;
  }

  /** The place of one of them, the likelier the more it was sent. */
  #draw(among: readonly Connection[]): number {
    let rest = this.#random() * among.reduce((sum, { unread }) => sum + unread.doubted, 0);
    return among.findIndex(({ unread }) => {
      rest -= unread.doubted;
      return rest < 0;
    });
  }

  #judge(connections: Iterable<Connection>, now: number): void {
    for (const [id, at] of this.#open) {
      if (Math.abs(now - at) < BOUNDS.recallAnswerMs) break;
      this.#open.delete(id);
      this.#silent += 1;
    }
    if (this.#open.size > 0 || this.#answered + this.#silent === 0) return;
    this.#isTrusting = this.#answered >= this.#silent;
    this.#size = this.#isTrusting ? 1 : Math.min(this.#size * 4, BOUNDS.markDebtors);
    this.#answered = 0;
    this.#silent = 0;
    if (!this.#isTrusting) return;
    for (const connection of connections)
      this.#budget.change(connection, (unread) => unread.trust());
  }
}
