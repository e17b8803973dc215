import type { Keep } from "../metrics/keep.ts";
import type { Keepsake } from "../protocol/kept-session.ts";

/** Sockets of which one keeps the numbers of what has no storage. */
interface StatsKeeper {
  keepStats(value: Keepsake["stats"]): void;
}

/** Where a room, or a document, keeps its numbers: in its storage, once it has any; until then with its sockets. */
export class RoomKeep implements Keep {
  readonly #store: { readonly isWritten: boolean; readonly stats: Keep };
  readonly #keepsake: Pick<Keepsake, "stats"> | undefined;
  readonly #sockets: StatsKeeper;

  /** @param keepsake what the sockets kept when this life began. */
  constructor(
    store: { readonly isWritten: boolean; readonly stats: Keep },
    keepsake: Pick<Keepsake, "stats"> | undefined,
    sockets: StatsKeeper,
  ) {
    this.#store = store;
    this.#keepsake = keepsake;
    this.#sockets = sockets;
  }

  load(): unknown {
    // It may have been written, and slept, before its next report put them there.
    const stored = this.#store.isWritten ? this.#store.stats.load() : undefined;
    return stored ?? this.#keepsake?.stats;
  }

  save(value: Readonly<Record<string, unknown>>): void {
    if (this.#store.isWritten) this.#store.stats.save(value);
    else this.#sockets.keepStats(value);
  }
}
