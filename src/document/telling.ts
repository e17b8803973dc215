import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { joinShown } from "./awareness-message.ts";
import { writeAwareness, writeUpdate } from "./wire.ts";

/** What is to be sent to one connection; made when its turn comes, for all of it at once could be too much. */
export interface Parcel {
  readonly id: string;
  readonly frames: () => readonly Uint8Array[];
  /** Whether it is the document itself, for somebody who asked for it. */
  readonly isGreeting: boolean;
}

/** What there is to tell to all: an update, and an awareness update. */
export interface News {
  readonly update: Uint8Array | undefined;
  readonly cursors: Uint8Array | undefined;
}

/**
 * What all who are told get, in the order in which they are told: one frame of each sort at most.
 *
 * @param call an awareness update that asks one to show itself again, if one is to.
 */
export function* parcelsFor(
  told: readonly { readonly id: string }[],
  { update, cursors }: News,
  call: (id: string) => Uint8Array | undefined,
): Generator<Parcel> {
  const changes = update === undefined ? [] : [writeUpdate(update)];
  const shared = cursors === undefined ? changes : [...changes, writeAwareness(cursors)];
  for (const { id } of told) {
    const asked = call(id);
    const isJoined = asked !== undefined && cursors !== undefined;
    const shown = isJoined ? joinShown(cursors, asked) : asked;
    const frames = shown === undefined ? shared : [...changes, writeAwareness(shown)];
    yield { id, frames: () => frames, isGreeting: false };
  }
}

/** What a parcel came to. */
export interface Sent {
  readonly sends: number;
  readonly bytes: number;
}

/** How far a portion got. */
export type Told = "all" | "portion" | "held";

/**
 * What a flush has for all connections, sent in portions: the platform copies what is sent, and writes
 * nothing before the turn is over.
 */
export class Telling {
  readonly #parcels: Iterator<Parcel>;
  #next: IteratorResult<Parcel>;

  constructor(parcels: Iterable<Parcel>) {
    this.#parcels = parcels[Symbol.iterator]();
    this.#next = this.#parcels.next();
  }

  /**
   * Sends the next portion.
   *
   * @param isHeld whether nothing more may be sent for now.
   */
  portion(send: (parcel: Parcel) => Sent, isHeld: () => boolean): Told {
    let sends = 0;
    let bytes = 0;
    for (; this.#next.done !== true; this.#next = this.#parcels.next()) {
      if (isHeld()) return "held";
      const isFull = bytes >= EDITOR_BOUNDS.portionBytes || sends >= EDITOR_BOUNDS.portionSends;
      if (isFull) return "portion";
      const sent = send(this.#next.value);
      bytes += sent.bytes;
      sends += sent.sends;
    }
    return "all";
  }
}
