import type { Keep } from "../metrics/keep.ts";
import type { Keepsake } from "../protocol/kept-session.ts";
import type { SessionSockets } from "./session-sockets.ts";

/** Where a room keeps its numbers: in its storage, once it has any; until then with its sockets. */
export class RoomKeep implements Keep {
  readonly #store: { readonly isWritten: boolean; readonly stats: Keep };
  readonly #keepsake: Keepsake | undefined;
  readonly #sockets: Pick<SessionSockets, "keepStats">;

  /** @param keepsake what the sockets kept when this life began. */
  constructor(
    store: { readonly isWritten: boolean; readonly stats: Keep },
    keepsake: Keepsake | undefined,
    sockets: Pick<SessionSockets, "keepStats">,
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
