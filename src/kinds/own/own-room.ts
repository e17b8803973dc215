import type { Telling } from "../../room/hooks/effect.ts";
import type { Greeted, KindGreeting, KindPorts, KindRoom } from "../../room/hooks/kind.ts";
import type { OwnChange } from "./deed.ts";
import type { OwnFrame } from "./own-frame.ts";
import { type OwnDefinition, type OwnMemory, wake } from "./own-memory.ts";
import { OwnStore } from "./own-store.ts";
import { OwnTurn, SNAPSHOT_MS, TIMER } from "./own-turn.ts";
import { asJson } from "./own-type.ts";

/** One room of a team's own kind. */
export class OwnRoom implements KindRoom<OwnFrame, OwnChange> {
  readonly #definition: OwnDefinition;
  readonly #ports: KindPorts;
  readonly #store: OwnStore;
  readonly #memory: OwnMemory;

  constructor(definition: OwnDefinition, ports: KindPorts) {
    this.#definition = definition;
    this.#ports = ports;
    this.#store = new OwnStore(ports.store.tables);
    this.#memory = wake(definition, this.#store, ports);
  }

  begin(): OwnTurn {
    return new OwnTurn(this.#definition, this.#ports, this.#store, this.#memory);
  }

  rolledBack(): void {}

  greet({ permissions }: Greeted): KindGreeting {
    const { version, hash } = this.#definition.contract;
    const fields = {
      state: this.#memory.state.value,
      you: { can: permissions },
      contract: { version, hash },
    };
    return { fields, history: [] };
  }

  poll(): object {
    return { state: this.#memory.state.value };
  }

  page(): undefined {}

  left(): readonly Telling[] {
    return [];
  }

  due(now: number): readonly OwnFrame[] {
    const due = [...this.#memory.timers.keys()].filter((name) => this.#dueAt(name) <= now);
    return due.map((name) => ({ type: TIMER + name, payload: null }));
  }

  wakeAt(): number | undefined {
    const { savedSeq, savedAt, state, timers } = this.#memory;
    const unsavedUntil = state.seq > savedSeq ? Math.max(savedAt, 0) + SNAPSHOT_MS : Infinity;
    const at = Math.min(unsavedUntil, ...[...timers.keys()].map((name) => this.#dueAt(name)));
    return Number.isFinite(at) ? at : undefined;
  }

  /** Keeps the state before retention may drop what it was folded from. */
  upkeep(now: number): void {
    const { state, savedSeq } = this.#memory;
    if (state.seq <= savedSeq) return;
    const { version } = this.#definition.contract;
    this.#store.saveSnapshot({ version, seq: state.seq, state: asJson(state.value) });
    this.#memory.savedSeq = state.seq;
    this.#memory.savedAt = now;
  }

  trimmed(): void {}

  livesUntil(): number {
    return this.#memory.timers.size > 0 || this.#memory.state.seq > 0
      ? Number.POSITIVE_INFINITY
      : Number.NEGATIVE_INFINITY;
  }

  #dueAt(name: string): number {
    const at = this.#memory.timers.get(name)?.at ?? Infinity;
    return Math.max(at, this.#memory.retries.get(name)?.at ?? 0);
  }
}
