import type { AnyContract } from "../../contract/contract.ts";
import type { AnyRules } from "../../contract/rules.ts";
import type { KindPorts } from "../../room/hooks/kind.ts";
import { fold, frozen, type OwnState } from "./own-state.ts";
import type { OwnStore, Timer } from "./own-store.ts";

/** A kind as it runs. */
export interface OwnDefinition {
  readonly contract: AnyContract;
  readonly rules: AnyRules;
}

/** What a room of a team's own kind keeps in memory; it follows its storage flush by flush. */
export interface OwnMemory {
  state: OwnState;
  /** `seq` of the event up to which the state is in storage. */
  savedSeq: number;
  /** When it was put there, milliseconds since the epoch. */
  savedAt: number;
  timers: ReadonlyMap<string, Timer>;
  /** Timers whose rule has failed: when to try again, and how often it has failed. */
  readonly retries: Map<string, { readonly at: number; readonly failures: number }>;
  /** How many deeds there have been in this life of the room: it tells those of one moment apart. */
  deeds: number;
}

/** The memory of a room that begins or wakes: its snapshot, and what came since from its log. */
export function wake({ contract }: OwnDefinition, store: OwnStore, ports: KindPorts): OwnMemory {
  const snapshot = store.snapshot();
  const isOfToday = snapshot?.version === contract.version;
  const { log } = ports.store;
  let state: OwnState = isOfToday
    ? { value: frozen(snapshot.state), seq: snapshot.seq }
    : { value: frozen(contract.initial), seq: log.oldest - 1 };
  const savedSeq = state.seq;
  for (const text of log.eventsAfter(state.seq, log.head - state.seq)) {
    state = refolded(contract, state, text);
  }
  return {
    state,
    savedSeq,
    savedAt: Number.NEGATIVE_INFINITY,
    timers: store.timers(),
    retries: new Map(),
    deeds: 0,
  };
}

/** An event that cannot be folded any more changes nothing: the room goes on without it. */
function refolded(contract: AnyContract, state: OwnState, text: string): OwnState {
  // As its kind tells every event (own-kind.ts).
  const { type, payload, userId, seq, timestamp } = JSON.parse(text);
  try {
    return fold(contract, state, { type, data: payload, actorId: userId, seq, timestamp });
  } catch {
    return { value: state.value, seq };
  }
}
