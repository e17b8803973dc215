import type { RealtimeClient } from "../../client/index.ts";
import { ChatSession } from "./session.ts";

/** One's visits to rooms. A room that is left before all is sent stays connected, unseen, until it is. */
export class Visits {
  readonly #client: Pick<RealtimeClient, "room">;
  /** Sessions that nobody looks at, by room, with how to stop waiting for them. */
  readonly #unseen = new Map<
    string,
    { readonly session: ChatSession; readonly stop: () => void }
  >();

  constructor(client: Pick<RealtimeClient, "room">) {
    this.#client = client;
  }

  /** Enters a room, or goes back to where it was left. */
  enter(room: string): ChatSession {
    const unseen = this.#unseen.get(room);
    if (unseen === undefined) return new ChatSession(this.#client.room(room));
    unseen.stop();
    this.#unseen.delete(room);
    return unseen.session;
  }

  /** Leaves a room, at once or as soon as everything written in it is sent. */
  leave(session: ChatSession): void {
    if (session.isSettled) {
      void session.close();
      return;
    }
    const { roomId } = session.state;
    const stop = session.subscribe(() => {
      if (!session.isSettled) return;
      stop();
      this.#unseen.delete(roomId);
      void session.close();
    });
    this.#unseen.set(roomId, { session, stop });
  }
}
