import { fnv1a } from "../../protocol/fnv1a.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { ArchivedKeys, KeyArchive } from "../log/key-archive.ts";
import type { RequestName, RoomLog, Stretch } from "../log/log.ts";
import { nameOf } from "./name.ts";
import { Segment } from "./segment.ts";

/** What a crash kept from being archived is loaded at once; of many rows that never were, so large a part is loaded at once, so that few looks at the log are needed meanwhile. */
const LOADED_PART = 1 / 8;

/** How much is held in memory, and how much is loaded by one statement: numbers of keys. */
export type MemorySizes = Readonly<Record<"keysKept" | "keysPerSegment" | "keysLoaded", number>>;

/** Where a key may be: at one row, or in stretches of the log. */
export interface Sighting {
  readonly at: number | undefined;
  readonly within: readonly Stretch[];
}

/**
 * Which keys were accepted lately, hashed. Everything after {@link floor} is known; what is before it
 * must be looked up in the log. A room that wakes knows nothing, and loads what it needs by and by.
 */
export class AcceptedKeys {
  readonly #log: RoomLog;
  readonly #archive: KeyArchive;
  readonly #sizes: MemorySizes;
  /** From older to newer, each beginning where the one before it ends. */
  readonly #segments: Segment[] = [];
  /** Keys after the last segment, and the newest row of each. */
  #newest = new Map<number, number>();
  #newestAfter: number;
  /** The last row whose key was taken. */
  #upTo: number;
  #newestUntil = Number.NEGATIVE_INFINITY;
  /** What is not known was accepted by then; `undefined` before it was looked up. */
  #unknownUntil: number | undefined;

  constructor(log: RoomLog, archive: KeyArchive, sizes: MemorySizes = BOUNDS) {
    this.#log = log;
    this.#archive = archive;
    this.#sizes = sizes;
    this.#newestAfter = log.head;
    this.#upTo = log.head;
  }

  /** What comes after this `seq` is known. */
  get floor(): number {
    return this.#segments[0]?.after ?? this.#newestAfter;
  }

  /** Whether something may be unknown that was accepted after a time. */
  lacks(since: number): boolean {
    this.#unknownUntil ??= this.#log.accepted(this.floor)?.at ?? Number.NEGATIVE_INFINITY;
    return this.#unknownUntil > since && this.floor >= this.#log.oldest;
  }

  /** Where a key may be among what is known. */
  sightings(name: RequestName): Sighting {
    const hashed = fnv1a(nameOf(name));
    const within = this.#segments.filter((segment) => segment.mayHave(hashed));
    return { at: this.#newest.get(hashed), within };
  }

  /** The newest rows, of which it is known where each key stands; two keys may meet in one hash. */
  get newest(): Stretch {
    return { after: this.#newestAfter, upTo: this.#upTo };
  }

  /** Forgets everything if the log has grown without it. */
  follow(): void {
    if (this.#upTo !== this.#log.head) this.#forget(this.#log.head);
  }

  /** Takes the key of a row that was appended. */
  add(name: RequestName, seq: number, now: number): void {
    if (seq !== this.#upTo + 1) this.#forget(seq - 1);
    this.#upTo = seq;
    if (this.#newest.size >= this.#sizes.keysPerSegment) this.#freeze(seq - 1);
    this.#newest.set(fnv1a(nameOf(name)), seq);
    this.#newestUntil = now;
  }

  /** Loads some of what is unknown and was accepted after a time. */
  load(since: number, now: number): void {
    const unknown = this.floor - this.#log.firstSince(since) + 1;
    let left = Math.max(this.#sizes.keysPerSegment * 2, unknown * LOADED_PART);
    while (left > 0 && this.#segments.length < this.#segmentsMax && this.lacks(since)) {
      const archived = this.#archive.newest(this.floor);
      if (archived?.upTo === this.floor) this.#take(archived, since);
      else left -= this.#loadSegment(since, now, archived?.upTo ?? 0);
    }
  }

  /** Saves the segments that are not saved yet; {@link saved} once that stands. */
  save(): void {
    for (const segment of this.#segments) if (!segment.isSaved) this.#archive.save(segment);
  }

  /** What was saved last stands. */
  saved(): void {
    for (const segment of this.#segments) segment.isSaved = true;
  }

  /** Drops what was accepted by a time. A clock that was set back makes what came before it as old as now. */
  expire(until: number, now: number): void {
    if (this.#unknownUntil !== undefined) this.#unknownUntil = Math.min(this.#unknownUntil, now);
    this.#newestUntil = Math.min(this.#newestUntil, now);
    for (const segment of this.#segments) segment.until = Math.min(segment.until, now);
    while ((this.#segments[0]?.until ?? Number.POSITIVE_INFINITY) <= until) this.#dropOldest();
    if (this.#segments.length > 0 || this.#newest.size === 0 || this.#newestUntil > until) return;
    this.#newest = new Map();
    this.#newestAfter = this.#upTo;
    this.#unknownUntil = this.#newestUntil;
  }

  #forget(upTo: number): void {
    this.#segments.length = 0;
    this.#newest = new Map();
    this.#newestAfter = upTo;
    this.#upTo = upTo;
    this.#unknownUntil = undefined;
  }

  get #segmentsMax(): number {
    return this.#sizes.keysKept / this.#sizes.keysPerSegment;
  }

  #freeze(upTo: number): void {
    const stretch = { after: this.#newestAfter, upTo };
    this.#segments.push(Segment.of(stretch, this.#newest.keys(), this.#newestUntil));
    this.#newest = new Map();
    this.#newestAfter = upTo;
    if (this.#segments.length > this.#segmentsMax) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#unknownUntil = this.#segments.shift()?.until;
  }

  /** Puts an archived segment before the others, if anything of it may have been accepted after a time. */
  #take(archived: ArchivedKeys, since: number): void {
    this.#unknownUntil = archived.until;
    if (archived.until > since) this.#segments.unshift(new Segment(archived, true));
  }

  /** Puts a segment read from the log before the others; returns how many rows it has, or more when there is nothing left. */
  #loadSegment(since: number, now: number, archivedUpTo: number): number {
    const upTo = this.floor;
    const hashes: number[] = [];
    let after = upTo;
    while (hashes.length <= this.#sizes.keysPerSegment - this.#sizes.keysLoaded) {
      const next = Math.max(after - this.#sizes.keysLoaded, this.#log.oldest - 1, archivedUpTo);
      const end = this.#log.newestBefore(since, { after: next, upTo: after });
      const names = this.#log.keysIn({ after: end ?? next, upTo: after });
      for (const name of names) hashes.push(fnv1a(nameOf(name)));
      after = end ?? next;
      if (end !== undefined) this.#unknownUntil = since;
      if (end !== undefined || after < this.#log.oldest || after === archivedUpTo) break;
    }
    if (after < upTo) this.#segments.unshift(Segment.of({ after, upTo }, hashes, now));
    return Math.max(1, upTo - after);
  }
}
