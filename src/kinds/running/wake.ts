import type { AnyContract } from "../../contract/contract.ts";
import { frozen } from "../../contract/frozen.ts";
import { iso } from "../../protocol/iso.ts";
import type { KindPorts } from "../../room/hooks/kind.ts";
import { RuleFailure } from "../../room/hooks/rule-failure.ts";
import { migrated, migratedState } from "./migration.ts";
import type { Stand } from "./stand.ts";
import type { LoggedEvent, Snapshot, StandingStore } from "./standing-store.ts";
import { fold, type State } from "./state.ts";

/** What a log is folded from. */
interface Beginning extends State {
  /** Whether it is stored as it is. */
  readonly isSaved: boolean;
}

/**
 * Where a room stands that begins or wakes: by its snapshot, and what came since in its log. After a
 * change of the contract's version all of the log is folded anew.
 *
 * @throws {StateNotMigrated} where that cannot be, and `migrate` does not say how the state is changed.
 */
export function wake(contract: AnyContract, store: StandingStore, ports: KindPorts): Stand {
  const { log } = ports.store;
  const beginning = beginningOf(contract, store.snapshot(), log.oldest);
  let state: State = beginning;
  let skipped = 0;
  let problem: unknown;
  for (const event of log.head > state.seq ? store.eventsAfter(state.seq) : []) {
    try {
      state = refolded(contract, state, event);
    } catch (error) {
      skipped += 1;
      problem ??= error;
      // An event that cannot be folded any more changes nothing: the room goes on without it.
      state = { value: state.value, seq: event.seq };
    }
  }
  if (skipped > 0) {
    const words = `${skipped} events are left out of the state. The first: ${problem}`;
    ports.failed(new RuleFailure("apply", words));
  }
  return {
    // Not measured before an event changes it.
    state: { value: state.value, seq: state.seq, chars: Number.POSITIVE_INFINITY },
    timers: store.timers(),
    savedSeq: beginning.isSaved ? beginning.seq : -1,
    savedAt: Number.NEGATIVE_INFINITY,
    version: store.newestVersion(),
  };
}

function beginningOf(
  contract: AnyContract,
  snapshot: Snapshot | undefined,
  oldest: number,
): Beginning {
  if (snapshot === undefined) {
    return { value: contract.initial, seq: oldest - 1, isSaved: true };
  }
  const { version, seq, state } = snapshot;
  if (version === contract.version) return { value: frozen(state), seq, isSaved: true };
  if (oldest === 1) return { value: contract.initial, seq: 0, isSaved: false };
  return { value: frozen(migratedState(contract, version, state)), seq, isSaved: false };
}

function refolded(
  contract: AnyContract,
  state: State,
  { type, version, payload, userId: actorId, seq, at }: LoggedEvent,
): State {
  const today = migrated(contract, type, version, payload);
  if (!today.ok)
    throw new TypeError(`seq ${seq}, "${type}" of version ${version}: ${today.problem}`);
  return fold(contract, state, { type, data: today.data, actorId, seq, timestamp: iso(at) });
}
