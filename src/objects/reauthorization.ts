import type { Answer, Authority, Authorizer } from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";
import type { Asking } from "../room/authorities.ts";
import type { Room } from "../room/room.ts";
import type { Turns } from "./host/turns.ts";
import type { RoomJournal } from "./room-journal.ts";

/** What asking anew needs. */
export interface ReauthorizationParts {
  readonly turns: Pick<Turns, "turn" | "background">;
  readonly name: string;
  readonly room: Room;
  /** The rule of the room's kind; `undefined` where it has none. */
  readonly authorizer: Authorizer | undefined;
  readonly env: object;
  readonly journal: Pick<RoomJournal, "error">;
  readonly clock: () => number;
}

/**
 * Asks the rule of a room's kind anew about those inside, beside everything else that happens: a few at
 * a time, the others wait for their turn.
 */
export class Reauthorization {
  readonly #parts: ReauthorizationParts;
  readonly #waiting: Asking[] = [];
  #running = 0;

  constructor(parts: ReauthorizationParts) {
    this.#parts = parts;
  }

  /** Asks about whoever is due. */
  begin(now: number): void {
    if (this.#parts.authorizer === undefined) return;
    this.#waiting.push(...this.#parts.room.authorities.toAsk(now));
    while (this.#running < AUTHORITY_BOUNDS.asksAtOnce && this.#waiting.length > 0) {
      this.#running += 1;
      this.#parts.turns.background(this.#work());
    }
  }

  /**
   * Asks about one person, on the token at hand.
   *
   * @returns when it was asked, and the verdict; a failure is in the log.
   */
  async ask({ session: { userId, name }, authority }: Asking): Promise<Answer> {
    const { authorizer, name: room, env, journal, clock } = this.#parts;
    const askedAt = clock();
    // Nobody has an authority in a room whose kind has no rule: see RoomGuest.
    if (authorizer === undefined) throw new Error("There is no rule to ask.");
    const { grants } = authority;
    const request = requestOf(authority);
    const verdict = await authorizer.ask({ userId, name, room, grants, request, env });
    if (verdict.kind === "failed") journal.error("authorize", verdict.reason);
    return { askedAt, verdict };
  }

  async #work(): Promise<void> {
    const { turns, room } = this.#parts;
    try {
      for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
        const asking = one;
        // Gone while it waited.
        if (room.connection(asking.id) === undefined) continue;
        const { askedAt, verdict } = await this.ask(asking);
        turns.turn((now) => room.authorities.answered(asking, verdict, askedAt, now));
      }
    } finally {
      this.#running -= 1;
    }
  }
}

function requestOf({ request: { url, headers } }: Authority): Request {
  return new Request(url, { headers });
}
