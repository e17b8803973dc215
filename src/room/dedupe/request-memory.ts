import { BOUNDS } from "../../protocol/limits.ts";
import type { KeyArchive } from "../log/key-archive.ts";
import type { Accepted, RequestName, RoomLog, Stretch } from "../log/log.ts";
import { AcceptedKeys, type MemorySizes } from "./accepted-keys.ts";
import { around } from "./around.ts";
import { nameOf } from "./name.ts";
import { Look, ScanBudget } from "./scan-budget.ts";

/** A request that asks whether it was made before. */
export interface Asked extends RequestName {
  /** The log's head when its sender first made it, as far as that is known. */
  readonly sentAt: number | undefined;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  /** The team's own backend: not counted as one sender. */
  readonly backend: boolean;
}

/** What is known of a request's name: that it was accepted, or that it can only be looked up later. */
export type Known =
  | { readonly kind: "accepted"; readonly accepted: Accepted }
  | { readonly kind: "unclear"; readonly retryAfterMs: number };

/** What is known of the requests of one flush, by {@link nameOf}; what is not there is new. */
export type Recollection = ReadonlyMap<string, Known>;

/** Nothing was asked. */
export const NOTHING_KNOWN: Recollection = new Map();

/** A request that the log must be asked about, and where. */
interface Doubt extends Asked, Stretch {
  /** The part of it that is read for its sender's sake alone, and not for want of memory. */
  readonly own: Stretch | undefined;
}

/**
 * Knows which requests were accepted before, so that a repeat stores nothing (promise 2): those of the
 * last five minutes, and of a request with `sentAt` all since then. The log is what it knows it by;
 * what it holds in memory only spares most of the looks.
 */
export class RequestMemory {
  readonly #log: RoomLog;
  readonly #keys: AcceptedKeys;
  readonly #budget = new ScanBudget();

  constructor(log: RoomLog, archive: KeyArchive, sizes?: MemorySizes) {
    this.#log = log;
    this.#keys = new AcceptedKeys(log, archive, sizes);
  }

  /** What is known of the requests that are about to be decided. */
  recall(asked: readonly Asked[], now: number): Recollection {
    if (asked.length === 0) return NOTHING_KNOWN;
    this.#keys.follow();
    const since = now - BOUNDS.dedupeWindowMs;
    if (this.#keys.lacks(since)) this.#keys.load(since, now);
    const unknownAfter = this.#keys.lacks(since) ? this.#log.firstSince(since) - 1 : undefined;
    const known = new Map<string, Known>();
    const doubts: Doubt[] = [];
    for (const one of asked) {
      const found = this.#consult(one, unknownAfter);
      if (found === undefined) continue;
      if ("seq" in found) known.set(nameOf(one), { kind: "accepted", accepted: found });
      else doubts.push(found);
    }
    this.#lookUp(doubts, now, known);
    return known;
  }

  /** Remembers what was stored, once that stands. */
  remember(accepted: RequestName, seq: number, now: number): void {
    this.#keys.add(accepted, seq, now);
  }

  /** Writes what a next life is to find, inside a transaction that writes anyway; {@link saved} once it stands. */
  save(): void {
    this.#keys.save();
  }

  /** What was written last stands. */
  saved(): void {
    this.#keys.saved();
  }

  /** Drops what fell out of the window. */
  expire(now: number): void {
    this.#keys.expire(now - BOUNDS.dedupeWindowMs, now);
  }

  /** What the memory says: that it was accepted, where to look, or that it is new. */
  #consult(asked: Asked, unknownAfter: number | undefined): Accepted | Doubt | undefined {
    const { at, within } = this.#keys.sightings(asked);
    const { floor } = this.#keys;
    const { sentAt } = asked;
    const isFresh = at === undefined && within.length === 0 && unknownAfter === undefined;
    if (isFresh && (sentAt === undefined || sentAt >= floor)) return undefined;
    const seen = at === undefined ? undefined : this.#log.accepted(at);
    if (seen !== undefined && isOf(seen, asked)) return isRepeat(seen, asked) ? seen : undefined;
    const own = [...within, ...(seen === undefined ? [] : [this.#keys.newest])];
    if (sentAt !== undefined && sentAt < floor) own.push({ after: sentAt, upTo: floor });
    const all = unknownAfter === undefined ? own : [...own, { after: unknownAfter, upTo: floor }];
    const stretch = this.#around(all);
    return stretch === undefined ? undefined : { ...asked, ...stretch, own: this.#around(own) };
  }

  /** The stretch from the first to the last of several, as far as the log still has it. */
  #around(stretches: readonly Stretch[]): Stretch | undefined {
    const whole = around(stretches);
    if (whole === undefined) return undefined;
    const after = Math.max(this.#log.oldest - 1, whole.after);
    return after < whole.upTo ? { after, upTo: whole.upTo } : undefined;
  }

  /** Asks the log about what the budget allows; of the rest it is not clear yet what they are. */
  #lookUp(doubts: readonly Doubt[], now: number, known: Map<string, Known>): void {
    const look = new Look(this.#budget, now);
    const allowed = doubts.filter((doubt) => {
      const retryAfterMs = look.waitMs(doubt, doubt.backend ? undefined : doubt.userId, doubt.own);
      if (retryAfterMs > 0) known.set(nameOf(doubt), { kind: "unclear", retryAfterMs });
      return retryAfterMs === 0;
    });
    for (let i = 0; i < allowed.length; i += BOUNDS.keysAtOnce) {
      this.#lookUpTogether(allowed.slice(i, i + BOUNDS.keysAtOnce), known);
    }
  }

  /** One look at the log for all of them. */
  #lookUpTogether(doubts: readonly Doubt[], known: Map<string, Known>): void {
    const after = Math.min(...doubts.map((doubt) => doubt.after));
    const upTo = Math.max(...doubts.map((doubt) => doubt.upTo));
    const keys = [...new Set(doubts.map(({ messageId }) => messageId))];
    const byName = new Map(doubts.map((doubt) => [nameOf(doubt), doubt]));
    for (const accepted of this.#log.find(keys, { after, upTo })) {
      const name = nameOf(accepted);
      const doubt = byName.get(name);
      if (doubt !== undefined && isRepeat(accepted, doubt)) {
        known.set(name, { kind: "accepted", accepted });
      }
    }
  }
}

function isOf(accepted: RequestName, { userId, messageId }: RequestName): boolean {
  return accepted.userId === userId && accepted.messageId === messageId;
}

/** Whether a name that was used before is one that still counts. */
function isRepeat({ seq, at }: Accepted, asked: Asked): boolean {
  const { sentAt } = asked;
  return at > asked.at - BOUNDS.dedupeWindowMs || (sentAt !== undefined && seq > sentAt);
}
