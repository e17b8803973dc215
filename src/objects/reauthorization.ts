import type { Answer, Asking, Authorizer, KeptRequest, Verdict } from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";
import { AUTHORIZE_UNAVAILABLE } from "../protocol/refusals.ts";
import type { Turns } from "./host/turns.ts";
import type { RoomJournal } from "./room-journal.ts";

/** Those inside, as far as the rule is asked anew about them. */
export interface Insiders {
  /** Who is to be asked about by now; whoever takes this list sees to it. */
  toAsk(now: number): readonly Asking[];
  /** The same as it is by now, for it has waited for its turn; `undefined` when there is nobody any more. */
  current(asking: Asking): Asking | undefined;
  /** Takes what the rule answered to what was asked at `askedAt`, milliseconds since the epoch. */
  answered(asking: Asking, verdict: Verdict, askedAt: number, now: number): void;
}

/** What asking anew needs. */
export interface ReauthorizationParts {
  readonly turns: Pick<Turns, "turn" | "background">;
  /** Of the room, or document. */
  readonly name: string;
  readonly room: { readonly authorities: Insiders };
  /** The rule on it; `undefined` where there is none. */
  readonly authorizer: Authorizer | undefined;
  readonly env: object;
  readonly journal: Pick<RoomJournal, "error">;
  readonly clock: () => number;
}

/**
 * Asks the rule on a room, or a document, anew about those inside, beside everything else that happens: a few at
 * a time, the others wait for their turn. Of connections about which the very same would be asked it is
 * asked once: a person's, whose requests show the rule nothing that differs.
 */
export class Reauthorization {
  readonly #parts: ReauthorizationParts;
  /** By what is to be asked. */
  #waiting = new Map<string, readonly Asking[]>();
  #running = 0;

  constructor(parts: ReauthorizationParts) {
    this.#parts = parts;
  }

  /**
   * Asks about whoever is due.
   *
   * @param first a user about whom it is asked before others who wait.
   */
  begin(now: number, first?: string): void {
    if (this.#parts.authorizer === undefined) return;
    this.#wait(this.#parts.room.authorities.toAsk(now));
    if (first !== undefined) {
      const isFirst = ([, [one]]: readonly [string, readonly Asking[]]) =>
        one?.session.userId === first;
      const all = [...this.#waiting];
      this.#waiting = new Map([...all.filter(isFirst), ...all.filter((one) => !isFirst(one))]);
    }
    while (this.#running < AUTHORITY_BOUNDS.asksAtOnce && this.#waiting.size > 0) {
      this.#running += 1;
      this.#parts.turns.background(this.#work());
    }
  }

  /**
   * Asks about one person, on the token at hand. There is an answer, whatever fails.
   *
   * @returns when it was asked, and the verdict; a failure is in the log.
   */
  async ask(asking: Asking): Promise<Answer> {
    const { journal, clock } = this.#parts;
    const askedAt = clock();
    const verdict = await this.#verdictOn(asking);
    if (verdict.kind === "failed") journal.error("authorize", verdict.reason);
    return { askedAt, verdict };
  }

  async #verdictOn({ session: { userId, name }, authority }: Asking): Promise<Verdict> {
    const { authorizer, name: room, env } = this.#parts;
    try {
      // Nobody has an authority where there is no rule: see RoomGuest.
      if (authorizer === undefined) throw new Error("There is no rule to ask.");
      const { grants, request } = authority;
      return await authorizer.ask({ userId, name, room, grants, request: requestOf(request), env });
    } catch (error) {
      const reason = error instanceof Error ? error.message : "It could not be asked.";
      return { kind: "failed", error: AUTHORIZE_UNAVAILABLE, reason };
    }
  }

  #wait(all: readonly Asking[]): void {
    for (const asking of all) {
      const question = questionOf(asking);
      this.#waiting.set(question, [...(this.#waiting.get(question) ?? []), asking]);
    }
  }

  /** Those whose turn it is, as they are by now; none when nobody waits. */
  #next(): readonly Asking[] {
    const { authorities } = this.#parts.room;
    for (const [question, all] of this.#waiting) {
      this.#waiting.delete(question);
      const current = all.flatMap((asking) => authorities.current(asking) ?? []);
      const [first] = current;
      // Gone while they waited.
      if (first === undefined) continue;
      const asked = questionOf(first);
      this.#wait(current.filter((asking) => questionOf(asking) !== asked));
      return current.filter((asking) => questionOf(asking) === asked);
    }
    return [];
  }

  async #work(): Promise<void> {
    const { turns, room } = this.#parts;
    try {
      for (let all = this.#next(); all[0] !== undefined; all = this.#next()) {
        const asked = all;
        const { askedAt, verdict } = await this.ask(all[0]);
        turns.turn((now) => {
          for (const one of asked) room.authorities.answered(one, verdict, askedAt, now);
        });
      }
    } finally {
      this.#running -= 1;
    }
  }
}

function requestOf({ url, headers }: KeptRequest): Request {
  return new Request(url, { headers });
}

/** All that the rule is told which is not the room's. */
function questionOf({ session: { userId, name }, authority }: Asking): string {
  const { grants, request } = authority;
  return JSON.stringify([userId, name, grants, request]);
}
