import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Greeting } from "../protocol/server-frame.ts";
import type { AnyEvents, ClientKind } from "./client-kind.ts";
import type { Deadline } from "./deadline.ts";
import { Emitter, type EventMap, type Listener } from "./emitter.ts";
import { RealtimeError } from "./error.ts";
import type { Receipt } from "./outbox-entry.ts";
import { plainFrame } from "./plain.ts";
import type { RoomStatus, StatusReason } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";
import type { TransportName } from "./transport.ts";

/** How something is stored, and how long that is waited for. */
export interface StoreOptions extends Deadline {
  /** The idempotency key; a random UUID when absent. */
  readonly messageId?: string | undefined;
  /**
   * For what was sent before, under this messageId: the `sentAt` of the error that it rejected with, or
   * of the `PendingFrame`. Without it a repeat is found for five minutes only.
   */
  readonly sentAt?: number | undefined;
}

/**
 * What an application sees of any room that it has entered, whatever its kind: a handle of its own,
 * with its own listeners, on a connection that all handles of one room share.
 */
export abstract class EnteredRoom<
  Kind extends ClientKind | undefined,
  Events extends EventMap<Events>,
> {
  protected readonly session: RoomSession<Kind, Events>;
  readonly #events: Emitter<Events>;
  readonly #detach: () => void;
  #left: Promise<void> | undefined;

  /** For the client: applications ask it for a room. */
  constructor(session: RoomSession<Kind, Events>) {
    this.session = session;
    this.#events = new Emitter((error) => session.options.environment.report(error));
    this.#detach = session.audience.add(this.#events);
    session.enter();
  }

  get status(): RoomStatus {
    return this.isLeft ? "closed" : this.session.connection.status;
  }

  /** Why there is no connection, as of the last failure; `undefined` while there is one. */
  get reason(): StatusReason | undefined {
    return this.isLeft ? undefined : this.session.connection.reason;
  }

  /** What carries the connection; `undefined` while there is none. */
  get transport(): TransportName | undefined {
    return this.isLeft ? undefined : this.session.connection.transport;
  }

  /** Who this connection is, by its token; `undefined` before the first join. */
  get userId(): string | undefined {
    return this.session.view.joined?.userId;
  }

  /** `seq` of the last event seen; 0 before the first join. */
  get seq(): number {
    return this.session.view.cursor?.seq ?? 0;
  }

  /** The life of the log that {@link seq} belongs to; `undefined` before the first join. */
  get epoch(): string | undefined {
    return this.session.view.cursor?.epoch;
  }

  /** The server's limits; `undefined` before the first join. */
  get limits(): Greeting["limits"] | undefined {
    return this.session.view.joined?.limits;
  }

  /**
   * What a `joined_room` of this moment would say, for listeners that come after there was one;
   * `undefined` before the first.
   */
  get joined(): ReturnType<NonNullable<Kind>["snapshot"]> | undefined {
    const { view, kind } = this.session;
    if (view.snapshot === undefined) return undefined;
    // Each kind says what its own greeting is.
    return kind?.snapshot(view.snapshot) as ReturnType<NonNullable<Kind>["snapshot"]>;
  }

  /** Listens to one type of event, until the function returned is called, or this handle is left. */
  on<T extends keyof Events>(type: T, listener: Listener<Events[T]>): () => void {
    return this.isLeft ? () => {} : this.#events.on(type, listener);
  }

  /**
   * Leaves: this handle hears nothing more, and sends nothing more. The connection is closed when
   * the last handle of the room is left, and what is pending rejects then. Resolves when it is
   * closed, at once while others hold it.
   */
  leave(): Promise<void> {
    if (this.#left !== undefined) return this.#left;
    const wasClosed = this.status === "closed";
    this.#left = this.session.leave();
    this.#detach();
    const events: unknown = this.#events;
    // Every kind tells this.
    if (!wasClosed) (events as Emitter<AnyEvents>).emit("status", { status: "closed" });
    this.#events.clear();
    return this.#left;
  }

  /** Whether this handle was left. */
  protected get isLeft(): boolean {
    return this.#left !== undefined;
  }

  /** Stores a frame; see {@link Outbox.add}. */
  protected async store(type: string, payload: unknown, options: StoreOptions): Promise<Receipt> {
    if (this.isLeft) {
      const message = "The room is closed. It was left.";
      throw RealtimeError.local("disconnected", message, { outcome: "not_sent" });
    }
    const { messageId = this.session.options.environment.randomUUID(), sentAt } = options;
    // Its types were checked where it was called, and the room checks all of it.
    const frame = { type, messageId, sentAt, payload } as unknown as DurableFrame;
    return this.session.outbox.add(plainFrame(frame), options);
  }
}
