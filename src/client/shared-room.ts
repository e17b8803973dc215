import type { ClientKind } from "./client-kind.ts";
import type { EventMap } from "./emitter.ts";
import type { RoomSession } from "./room-session.ts";

/** One room's session, and how many hold it: its connection lasts until the last one leaves. */
export class SharedRoom<Kind extends ClientKind | undefined, Events extends EventMap<Events>> {
  readonly session: RoomSession<Kind, Events>;
  #holders = 0;

  constructor(session: RoomSession<Kind, Events>) {
    this.session = session;
  }

  /** One more holds it. */
  enter(): void {
    this.#holders += 1;
  }

  /**
   * One less. Resolves when the connection is closed, or at once while others hold it. Whoever
   * leaves and enters in one go, as React does in its strict mode, keeps the connection.
   */
  async leave(): Promise<void> {
    this.#holders -= 1;
    await Promise.resolve();
    if (this.#holders === 0) await this.close();
  }

  /** Ends it for everyone. Resolves when the connection is closed. */
  close(): Promise<void> {
    return this.session.connection.close();
  }
}
