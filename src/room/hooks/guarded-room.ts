import type { Cursor } from "../../protocol/cursor.ts";
import type { Json } from "../../protocol/json.ts";
import type { Saved } from "../../protocol/server-frame.ts";
import type { Actor } from "../actor.ts";
import type { Connection } from "../connections/connection.ts";
import type { RoomFrame } from "../frame.ts";
import type { LogEvent } from "../log/log.ts";
import type { Resumption } from "../log/resume.ts";
import type { RoomClock } from "./clock.ts";
import type { Answered, Decision } from "./decision.ts";
import type { Telling } from "./effect.ts";
import type {
  Greeted,
  KeptValues,
  KindGreeting,
  KindMemory,
  KindPage,
  KindRoom,
  Moments,
  Question,
  RoomStanding,
} from "./kind.ts";

const NOTHING_MORE: KindGreeting = { fields: {}, history: [] };
const NOTHING_OWED: readonly Telling[] = [];
const NO_MOMENTS: Moments = {};

/**
 * A room of some kind whose code may fail. Where somebody waits for an answer, that is for whoever
 * asked to answer for; where nobody does, it is noted here, and the room goes on without.
 */
export class GuardedRoom {
  readonly #room: KindRoom;
  readonly #memory: KindMemory;
  readonly #failed: (failure: unknown) => void;

  /** @param failed notes what a kind's code has thrown. */
  constructor(room: KindRoom, failed: (failure: unknown) => void) {
    this.#room = room;
    this.#memory = room.memory;
    this.#failed = failed;
  }

  get moments(): Moments {
    return this.#room.moments ?? NO_MOMENTS;
  }

  get lastValues(): KeptValues | undefined {
    return this.#memory.lastValues;
  }

  get clock(): RoomClock | undefined {
    return this.#memory.clock;
  }

  get standing(): RoomStanding | undefined {
    return this.guarded(undefined, () => this.#memory.standing);
  }

  decide(frame: RoomFrame, actor: Actor, now: number): Decision {
    return this.#room.decide(frame, actor, now);
  }

  query(question: Question, actor: Actor, now: number): Answered | undefined {
    return this.#room.query?.(question, actor, now);
  }

  /** What the sender of a stored event is told of it. */
  saved(seq: number): Saved {
    const { places } = this.#memory;
    if (places === undefined) return { savedId: seq };
    const version = places.placeOf(seq);
    return { savedId: version, version };
  }

  /** The `seq` that is told of an event. */
  placeOf(seq: number): number {
    return this.#memory.places?.placeOf(seq) ?? seq;
  }

  /** The event that a told `seq` means; `undefined` where there is none. */
  seqAt(place: number): number | undefined {
    const { places } = this.#memory;
    return places === undefined ? place : places.seqAt(place);
  }

  /** What a newcomer is told of the log, where its kind says that. */
  resume(cursor: Cursor | undefined, inPages: boolean): Resumption | undefined {
    return this.#memory.resume?.(cursor, inPages);
  }

  /** All of it as members of an answer; `undefined` of a kind that has no such thing. */
  whole(): string | undefined {
    return this.#memory.whole?.();
  }

  /** Whether it matters whose turn it is. */
  get hasTurns(): boolean {
    return this.#memory.waitingSince !== undefined;
  }

  waitingSince(actor: Actor): number {
    const since = this.guarded(undefined, () => this.#memory.waitingSince?.(actor));
    return since ?? Number.POSITIVE_INFINITY;
  }

  /** The oldest `seq` that must stay, whatever the settings say; `undefined` where they alone do. Throws as {@link upkeep}. */
  keepsFrom(): number | undefined {
    return this.#memory.keepsFrom?.();
  }

  begin(): void {
    this.#memory.begin?.();
  }

  appended(event: LogEvent): void {
    this.#memory.appended?.(event);
  }

  save(now: number): void {
    this.#memory.save?.(now);
  }

  settled(now: number): void {
    this.#memory.settled?.(now);
  }

  owes(): readonly Telling[] {
    return this.#memory.owes?.() ?? NOTHING_OWED;
  }

  rolledBack(): void {
    this.guarded(undefined, () => this.#memory.rolledBack?.());
  }

  greet(newcomer: Greeted): KindGreeting {
    return this.#memory.greet?.(newcomer) ?? NOTHING_MORE;
  }

  poll(): object {
    return this.#memory.poll?.() ?? {};
  }

  page(name: string, query: unknown): KindPage | undefined {
    return this.#memory.page?.(name, query);
  }

  left(connection: Connection, now: number): readonly Telling[] {
    return this.guarded([], () => this.#memory.left?.(connection, now) ?? []);
  }

  /** Throws what it throws: without it, nothing may be dropped that it was to keep. */
  upkeep(now: number): void {
    this.#memory.upkeep?.(now);
  }

  due(now: number): readonly RoomFrame[] {
    return this.guarded([], () => this.#memory.due?.(now) ?? []);
  }

  revive(name: string, data: Json, now: number): boolean {
    return this.#memory.revive?.(name, data, now) ?? false;
  }

  wakeAt(): number | undefined {
    return this.guarded(undefined, () => this.#memory.wakeAt?.());
  }

  trimmed(oldest: number): void {
    this.guarded(undefined, () => this.#memory.trimmed?.(oldest));
  }

  /** What cannot be told may be worth keeping. */
  livesUntil(now: number): number {
    return this.guarded(
      Number.POSITIVE_INFINITY,
      () => this.#memory.livesUntil?.(now) ?? Number.NEGATIVE_INFINITY,
    );
  }

  /** What its code answers; something else where that fails, which is noted. */
  guarded<T>(otherwise: T, work: () => T): T {
    try {
      return work();
    } catch (failure) {
      this.#failed(failure);
      return otherwise;
    }
  }
}
