import type { LastSeen } from "./last-seen.ts";
import type { Unread } from "./unread.ts";
import type { UnreadPage } from "./unread-page.ts";

/** How long after one round of questions the next begins, while the page is in view. */
const EVERY_MS = 45_000;
/** Nobody waits longer for one answer: a request that hangs would end all rounds. */
const ANSWER_MS = 10_000;

/**
 * What is new in a room; `denied` if this person will never know, `away` if the server cannot be
 * reached or has been asked too much, and `failed` if this one room cannot tell now.
 */
export type UnreadAnswer = UnreadPage | "denied" | "away" | "failed";

/** What a watch needs of the page and of the server. */
export interface UnreadPorts {
  /** The rooms on the list that one is not in now, with how far one has read in each. */
  readonly rooms: () => ReadonlyMap<string, LastSeen>;
  /** What came after a place. */
  readonly ask: (room: string, after: number, signal: AbortSignal) => Promise<UnreadAnswer>;
  readonly now: () => number;
}

/**
 * Knows what is new in the rooms of the list. The page is connected to the room it shows alone, so
 * the others are asked, one after the other and seldom: one short request each, nothing held open.
 */
export class UnreadWatch {
  readonly #ports: UnreadPorts;
  readonly #listeners = new Set<() => void>();
  readonly #denied = new Set<string>();
  #counts: ReadonlyMap<string, Unread> = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isAsking = false;
  #asking: AbortController | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: UnreadPorts) {
    this.#ports = ports;
  }

  /** What is new, by room; a new map on every change. */
  get counts(): ReadonlyMap<string, Unread> {
    return this.#counts;
  }

  /** Calls back on every change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks now, unless that was lately, and from then on. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#plan(Math.max(0, this.#askedAt + EVERY_MS - this.#ports.now()));
  }

  /** Asks no more until {@link start}. */
  pause(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  /** What was new in a room that one has entered is no longer. */
  entered(room: string): void {
    this.#set(room, undefined);
  }

  #plan(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#round(), inMs);
  }

  async #round(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = this.#ports.now();
    for (const room of this.#ports.rooms().keys()) {
      if (!this.#isRunning || (await this.#look(room)) === "away") break;
    }
    this.#isAsking = false;
    if (this.#isRunning) this.#plan(EVERY_MS);
  }

  async #look(room: string): Promise<UnreadAnswer | undefined> {
    const seen = this.#ports.rooms().get(room);
    if (seen === undefined || this.#denied.has(room)) return undefined;
    let page = await this.#ask(room, seen.seq);
    if (typeof page === "object" && page.epoch !== seen.epoch) {
      // The room began anew: all of it is new.
      page = await this.#ask(room, 0);
    }
    if (page === "denied") this.#denied.add(room);
    // One may have entered it meanwhile, or read on.
    const isStale = this.#ports.rooms().get(room)?.seq !== seen.seq;
    if (typeof page === "object" && !isStale) this.#set(room, page.unread);
    return page;
  }

  /** Asks for one room, for as long as the page is in view and within the time limit. */
  async #ask(room: string, after: number): Promise<UnreadAnswer> {
    const asking = new AbortController();
    this.#asking = asking;
    const limit = setTimeout(() => asking.abort(), ANSWER_MS);
    const page = await this.#ports.ask(room, after, asking.signal);
    clearTimeout(limit);
    return page;
  }

  #set(room: string, unread: Unread | undefined): void {
    const isNew = unread !== undefined && (unread.count > 0 || unread.isMore);
    if (!isNew && !this.#counts.has(room)) return;
    const counts = new Map(this.#counts);
    if (isNew) counts.set(room, unread);
    else counts.delete(room);
    this.#counts = counts;
    for (const listener of this.#listeners) listener();
  }
}
