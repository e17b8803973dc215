import { useMemo } from "react";
import type { Acts, LiveRefusal, LiveRoom, RoomStatus, You } from "../client/index.ts";
import type { AnyContract, RoomName, State } from "../contract/contract.ts";
import { closedError } from "./closed-error.ts";
import { useLive } from "./use-live.ts";
import { useView } from "./use-view.ts";

/** What a component wants of a room. */
export interface UseRoomOptions<C extends AnyContract, Seen, Wait extends boolean> {
  /** What of the state it sees: it is rendered again when that has another value. */
  readonly select?: (state: State<C>) => Seen;
  /** Waits for the first join by suspending, and throws when the room is closed before it. */
  readonly suspense?: Wait;
}

/** A room of a team's own kind, as a component sees it. */
export type UsedRoom<C extends AnyContract, Seen, Wait extends boolean> = Acts<C> & {
  /** As selected; `undefined` before the first join, where that is not waited for. */
  readonly state: Wait extends true ? Seen : Seen | undefined;
  readonly you: Wait extends true ? You<C> : You<C> | undefined;
  readonly status: RoomStatus;
  /** How many events were sent and are not acknowledged yet. */
  readonly pending: number;
  /** Why the room is closed for good. */
  readonly error: LiveRefusal<C> | undefined;
};

interface View {
  readonly state: unknown;
  readonly you: unknown;
  readonly status: RoomStatus;
  readonly pending: number;
  readonly error: Error | undefined;
}

const BEFORE: View = {
  state: undefined,
  you: undefined,
  status: "connecting",
  pending: 0,
  error: undefined,
};

/** Enters a room of a team's own kind for as long as a component is there that asks for it. */
export function useRoom<C extends AnyContract, Seen = State<C>, const Wait extends boolean = false>(
  contract: C,
  name: RoomName<NoInfer<C>>,
  options: UseRoomOptions<NoInfer<C>, Seen, Wait> = {},
): UsedRoom<C, Seen, Wait> {
  const { select, suspense } = options;
  const place = useLive(contract, name);
  const read = (room: LiveRoom<C>): View => {
    const { state, you, status, pending } = room;
    const seen = state === undefined || select === undefined ? state : select(state);
    return { state: seen, you, status, pending, error: closedError(room) };
  };
  const view = useView(place, read, BEFORE);
  const acts = useMemo(() => {
    const room = () => place.held.handle;
    const all: Acts<C> = {
      send: (type, data, how) => room().send(type, data, how),
      signal: (type, data) => room().signal(type, data),
      present: (data) => room().present(data),
      read: (upTo) => room().read(upTo),
      query: (query, input, deadline) => room().query(query, input, deadline),
      on: (type, hear) => room().on(type, hear),
    };
    return all;
  }, [place]);
  const used = useMemo(() => ({ ...acts, ...view }), [acts, view]);
  if (suspense === true && view.you === undefined) {
    // As React has it: a boundary above shows its fallback, and the browser goes on from there.
    if (view === BEFORE) throw new Error("A room is waited for in the browser alone.");
    if (view.error !== undefined) throw view.error;
    throw place.held.ready;
  }
  // What is seen before the first join is left out above, or in the type.
  return used as unknown as UsedRoom<C, Seen, Wait>;
}
