import type { JoinedRoom } from "../protocol/server-frame.ts";
import type { RoomStatus } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";
import type { TransportName } from "./transport.ts";

/** What an application sees of any room that it has entered, whatever its kind. */
export abstract class EnteredRoom {
  readonly #session: RoomSession;

  protected constructor(session: RoomSession) {
    this.#session = session;
  }

  get status(): RoomStatus {
    return this.#session.connection.status;
  }

  /** What carries the connection; `undefined` while there is none. */
  get transport(): TransportName | undefined {
    return this.#session.connection.transport;
  }

  /** Who this connection is, by its token; `undefined` before the first join. */
  get userId(): string | undefined {
    return this.#session.view.joined?.userId;
  }

  /** `seq` of the last event seen; 0 before the first join. */
  get seq(): number {
    return this.#session.view.cursor?.seq ?? 0;
  }

  /** The life of the log that {@link seq} belongs to; `undefined` before the first join. */
  get epoch(): string | undefined {
    return this.#session.view.cursor?.epoch;
  }

  /** The server's limits; `undefined` before the first join. */
  get limits(): JoinedRoom["limits"] | undefined {
    return this.#session.view.joined?.limits;
  }

  /** Leaves for good. Resolves when the connection is closed. What is pending rejects. */
  leave(): Promise<void> {
    return this.#session.connection.close();
  }
}
