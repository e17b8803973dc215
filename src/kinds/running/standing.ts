import type { AnyContract } from "../../contract/contract.ts";
import type { Json } from "../../protocol/json.ts";
import type { RoomFrame } from "../../room/frame.ts";
import type { Greeted, KindGreeting, KindMemory, KindPorts } from "../../room/hooks/kind.ts";
import { asJson } from "./contract-type.ts";
import { StandingStore, type Timer } from "./standing-store.ts";
import { fold, frozen, type State } from "./state.ts";
import { dueAt } from "./timer-retry.ts";

/** A type that no client can say: a timer is due. */
export const TIMER = "timer:";
/** A snapshot is a row: no more often than this, in milliseconds. */
const SNAPSHOT_MS = 1_000;

/** Where a room stands by its contract. */
interface Stand {
  readonly state: State;
  readonly timers: ReadonlyMap<string, Timer>;
  /** `seq` of the event up to which the state is in storage. */
  readonly savedSeq: number;
  /** When it was put there, milliseconds since the epoch. */
  readonly savedAt: number;
}

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

  constructor(contract: AnyContract, ports: KindPorts) {
    this.#contract = contract;
    this.#store = new StandingStore(ports.store.tables);
    this.#settled = wake(contract, this.#store, ports);
    this.#now = this.#settled;
  }

  get state(): State {
    return this.#now.state;
  }

  begin(): void {
    this.#now = this.#settled;
  }

  /** Takes the state that events have led to which are now appended. */
  advance(state: State): void {
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
    if (this.#settled.timers.has(name)) return false;
    this.begin();
    this.setTimer(name, { at: now, data });
    this.settled();
    return true;
  }

  save(now: number): void {
    const isDue = Math.abs(now - this.#settled.savedAt) >= SNAPSHOT_MS;
    if (this.#now.state !== this.#settled.state && isDue) this.#now = this.#saved(this.#now, now);
  }

  settled(): void {
    this.#settled = this.#now;
  }

  greet({ permissions }: Greeted): KindGreeting {
    const { version, hash } = this.#contract;
    const fields = {
      state: this.#settled.state.value,
      you: { can: permissions },
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
    const state: Json = asJson(value);
    this.#store.saveSnapshot({ version: this.#contract.version, seq, state });
    return { ...stand, savedSeq: seq, savedAt: now };
  }
}

/** Where a room stands that begins or wakes: by its snapshot, and what came since in its log. */
function wake(contract: AnyContract, store: StandingStore, ports: KindPorts): Stand {
  const snapshot = store.snapshot();
  const isOfToday = snapshot?.version === contract.version;
  const { log } = ports.store;
  const saved: State = isOfToday
    ? { value: frozen(snapshot.state), seq: snapshot.seq }
    : { value: frozen(contract.initial), seq: log.oldest - 1 };
  let state = saved;
  for (const text of log.eventsAfter(saved.seq, log.head - saved.seq)) {
    state = refolded(contract, state, text);
  }
  return {
    state,
    timers: store.timers(),
    savedSeq: saved.seq,
    savedAt: Number.NEGATIVE_INFINITY,
  };
}

/** An event that cannot be folded any more changes nothing: the room goes on without it. */
function refolded(contract: AnyContract, state: State, text: string): State {
  // As `running-kind.ts` wrote it.
  const { type, payload, userId, seq, timestamp } = JSON.parse(text);
  try {
    return fold(contract, state, { type, data: payload, actorId: userId, seq, timestamp });
  } catch {
    return { value: state.value, seq };
  }
}
