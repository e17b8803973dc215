import type { AnyContract } from "../../contract/contract.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import type { Json } from "../../protocol/json.ts";
import type { RoomFrame } from "../../room/frame.ts";
import type {
  Greeted,
  KindGreeting,
  KindMemory,
  KindPorts,
  RoomStanding,
} from "../../room/hooks/kind.ts";
import { blaming } from "../../room/hooks/rule-failure.ts";
import type { LogEvent } from "../../room/log/log.ts";
import type { Stand } from "./stand.ts";
import { StandingStore, type Timer } from "./standing-store.ts";
import { measured, type Sized } from "./state.ts";
import { dueAt } from "./timer-retry.ts";
import { wake } from "./wake.ts";

/** A type that no client can say: a timer is due. */
export const TIMER = "timer:";
/** A snapshot is a row: no more often than this, in milliseconds. */
const SNAPSHOT_MS = 1_000;

/**
 * Where a room of a team's own kind stands by its contract: its state, which is folded from its log
 * and kept in a row from time to time, and its timers.
 */
export class Standing implements KindMemory {
  readonly #contract: AnyContract;
  readonly #store: StandingStore;
  /** By what is stored; and by what the flush in the making has done beside that. */
  #settled: Stand;
  #now: Stand;
  #revision = 0;

  constructor(contract: AnyContract, ports: KindPorts) {
    this.#contract = contract;
    this.#store = new StandingStore(ports.store.tables);
    this.#settled = wake(contract, this.#store, ports);
    this.#now = this.#settled;
  }

  get state(): Sized {
    return this.#now.state;
  }

  /** The state that is stored: what a flush in the making has done may yet be undone. */
  get stored(): unknown {
    return this.#settled.state.value;
  }

  begin(): void {
    this.#now = this.#settled;
  }

  /** Says from which event on they are of today's contract. */
  appended({ seq }: LogEvent): void {
    const { version } = this.#contract;
    if (this.#now.version === version) return;
    this.#store.setVersion(seq, version);
    this.#now = { ...this.#now, version };
  }

  trimmed(oldest: number): void {
    this.#store.trimVersions(oldest);
  }

  /** Takes the state that events have led to which are now appended. */
  advance(state: Sized): void {
    this.#now = { ...this.#now, state };
  }

  /** A timer that is due by now; it may have been put off or cancelled since it was found so. */
  dueTimer(name: string, now: number): Timer | undefined {
    const timer = this.#now.timers.get(name);
    return timer !== undefined && dueAt(timer) <= now ? timer : undefined;
  }

  /** Sets a timer, or takes it away. */
  setTimer(name: string, timer: Timer | undefined): void {
    const timers = new Map(this.#now.timers);
    if (timer === undefined) {
      timers.delete(name);
      this.#store.removeTimer(name);
    } else {
      timers.set(name, timer);
      this.#store.setTimer(name, timer);
    }
    this.#now = { ...this.#now, timers };
  }

  /** Has a timer that was given up run again, unless another of its name waits. */
  revive(name: string, data: Json, now: number): boolean {
    if (this.#now.timers.has(name)) return false;
    this.setTimer(name, { at: now, data });
    return true;
  }

  /** @throws {RangeError} for a state that has grown too large, whichever of the flush's events did that. */
  save(now: number): void {
    if (this.#now.state.value !== this.#settled.state.value) {
      const { state } = this.#now;
      this.#now = { ...this.#now, state: blaming("apply", () => measured(state)) };
    }
    const isDue = Math.abs(now - this.#settled.savedAt) >= SNAPSHOT_MS;
    if (this.#now.state !== this.#settled.state && isDue) this.#now = this.#saved(this.#now, now);
  }

  settled(): void {
    if (this.#now.state.value !== this.#settled.state.value) this.#revision += 1;
    this.#settled = this.#now;
  }

  /** Of a contract without a state there is nothing to tell. */
  get standing(): RoomStanding | undefined {
    const { state, hash } = this.#contract;
    if (state === undefined) return undefined;
    const { value, seq } = this.#settled.state;
    return {
      revision: this.#revision,
      isFollowedBy: ({ folds }) => folds === hash,
      frame: (now) =>
        EncodedFrame.fromJson(
          `{"type":"state","timestamp":"${iso(now)}","payload":${JSON.stringify({ state: value, seq })}}`,
        ),
    };
  }

  greet({ you }: Greeted): KindGreeting {
    const { version, hash } = this.#contract;
    const fields = {
      state: this.#settled.state.value,
      you,
      contract: { version, hash },
    };
    return { fields, history: [] };
  }

  poll(): object {
    return { state: this.#settled.state.value };
  }

  due(now: number): readonly RoomFrame[] {
    const due = [...this.#settled.timers].filter(([, timer]) => dueAt(timer) <= now);
    return due.map(([name]) => ({ type: TIMER + name, payload: null }));
  }

  wakeAt(): number | undefined {
    const { savedSeq, savedAt, state, timers } = this.#settled;
    const unsavedUntil = state.seq > savedSeq ? Math.max(savedAt, 0) + SNAPSHOT_MS : Infinity;
    const at = Math.min(unsavedUntil, ...[...timers.values()].map(dueAt));
    return Number.isFinite(at) ? at : undefined;
  }

  /** Keeps the state before retention may drop what it was folded from. */
  upkeep(now: number): void {
    const { state, savedSeq } = this.#settled;
    if (state.seq > savedSeq) this.#settled = this.#saved(this.#settled, now);
  }

  livesUntil(): number {
    const { state, timers } = this.#settled;
    return timers.size > 0 || state.seq > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  #saved(stand: Stand, now: number): Stand {
    const { seq, value } = stand.state;
    // It is JSON, or it would not have been let in.
    this.#store.saveSnapshot({ version: this.#contract.version, seq, state: value as Json });
    return { ...stand, savedSeq: seq, savedAt: now };
  }
}
