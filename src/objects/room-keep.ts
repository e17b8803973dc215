import type { Keep } from "../metrics/keep.ts";
import type { SocketRegistry } from "./socket-registry.ts";

/** Where a room keeps its numbers: in its storage, once it has any; until then with its sockets. */
export class RoomKeep implements Keep {
  readonly #store: { readonly isWritten: boolean; readonly stats: Keep };
  readonly #sockets: Pick<SocketRegistry, "keepsake" | "keepStats">;

  constructor(
    store: { readonly isWritten: boolean; readonly stats: Keep },
    sockets: Pick<SocketRegistry, "keepsake" | "keepStats">,
  ) {
    this.#store = store;
    this.#sockets = sockets;
  }

  load(): unknown {
    return this.#store.isWritten ? this.#store.stats.load() : this.#sockets.keepsake?.stats;
  }

  save(value: Readonly<Record<string, unknown>>): void {
    if (this.#store.isWritten) this.#store.stats.save(value);
    else this.#sockets.keepStats(value);
  }
}
