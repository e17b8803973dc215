import type { Range } from "../../protocol/bundle.ts";
import type { Connection } from "../connections/connection.ts";
import type { Outgoing } from "../hooks/effect.ts";

const NOTHING: readonly Range[] = [];

/**
 * Which of the frames of a flush that go to many a connection is not sent: those told before it
 * came, for its greeting covers them, and what it caused itself. Looked up by connection, so that
 * a crowd in which everybody publishes costs one look each and not one a frame.
 */
export class LeftOut {
  readonly #shared: readonly Outgoing[];
  readonly #byConnection = new Map<string, Range[]>();
  readonly #byUser = new Map<string, Range[]>();
  readonly #firstPlace: number;
  /** Whether nobody caused any of it: then all who were here get all. */
  readonly #isForAll: boolean;
  /** Indexes of what newcomers are owed nevertheless. */
  readonly #owed: readonly number[];

  /** @param shared in the order of their places; none for one connection alone. */
  constructor(shared: readonly Outgoing[]) {
    this.#shared = shared;
    this.#owed = shared.flatMap(({ owedToNewcomers }, index) =>
      owedToNewcomers === true ? [index] : [],
    );
    this.#firstPlace = shared[0]?.place ?? Number.POSITIVE_INFINITY;
    for (const [index, { audience }] of shared.entries()) {
      if (audience.to === "all-but-user") add(this.#byUser, audience.userId, index);
      if (audience.to === "all-but-connection" && audience.connectionId !== undefined) {
        add(this.#byConnection, audience.connectionId, index);
      }
    }
    this.#isForAll = this.#byUser.size === 0 && this.#byConnection.size === 0;
  }

  /** Ranges of indexes, in order. */
  of(connection: Connection): readonly Range[] {
    const { id, joinedAt, session } = connection;
    if (this.#isForAll && joinedAt <= this.#firstPlace) return NOTHING;
    const caused = session.echo === true ? undefined : this.#byConnection.get(id);
    const others = session.echo === true ? undefined : this.#byUser.get(session.userId);
    const earlier = joinedAt > this.#firstPlace ? this.#before(joinedAt) : NOTHING;
    const ranges = [...earlier, ...(caused ?? []), ...(others ?? [])];
    return ranges.length < 2 ? ranges : ranges.sort((a, b) => a.from - b.from);
  }

  #before(place: number): readonly Range[] {
    const end = this.#indexOf(place);
    const ranges: Range[] = [];
    let from = 0;
    for (const owed of this.#owed) {
      if (owed >= end) break;
      if (owed > from) ranges.push({ from, to: owed });
      from = owed + 1;
    }
    if (from < end) ranges.push({ from, to: end });
    return ranges;
  }

  /** Index of the first frame at or after a place. */
  #indexOf(place: number): number {
    let low = 0;
    let high = this.#shared.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shared[middle]?.place ?? place) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function add(ranges: Map<string, Range[]>, key: string, index: number): void {
  const range = { from: index, to: index + 1 };
  const known = ranges.get(key);
  if (known === undefined) ranges.set(key, [range]);
  else known.push(range);
}
