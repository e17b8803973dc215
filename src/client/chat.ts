import { iso } from "../protocol/iso.ts";
import type { Message, User } from "../protocol/message.ts";
import type { JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import { Emitter } from "./emitter.ts";
import type { Environment } from "./environment.ts";
import { ReadMarker } from "./read-marker.ts";
import type { ForwardedType, PendingFrame, Reset, RoomEvents, StatusChange } from "./room-event.ts";
import type { ForwardedFrame, RoomKind } from "./room-kind.ts";
import type { RoomSession } from "./room-session.ts";
import { TypingSignal } from "./typing-signal.ts";
import { TypingWatch } from "./typing-watch.ts";

/** What only a chat does: who types, who has read what, and messages that prove themselves stored. */
export class Chat implements RoomKind {
  readonly events: Emitter<RoomEvents>;
  readonly typing: TypingSignal;
  readonly reads: ReadMarker;
  readonly #environment: Environment;
  readonly #session: RoomSession;
  readonly #typists: TypingWatch;
  /** Who this user has been here: a guest's new token is another id's. */
  readonly #selves = new Set<string>();

  constructor(environment: Environment, session: RoomSession) {
    this.#environment = environment;
    this.#session = session;
    this.events = new Emitter((error) => environment.report(error));
    this.typing = new TypingSignal(environment, (type) => session.uplink.say({ type }));
    this.#typists = new TypingWatch(environment, (user) => this.#stoppedTyping(user));
    this.reads = new ReadMarker(environment, (upTo) =>
      session.uplink.say({ type: "read_messages", payload: { upTo } }),
    );
  }

  greeted({ userId, history }: JoinedRoom, reset: Reset | undefined): void {
    this.#selves.add(userId);
    if (reset?.reason === "epoch") this.reads.reset();
    this.reads.confirm(this.#session.view.readOf(userId));
    this.reads.open();
    for (const message of history) this.#stored(message);
  }

  heard(frame: ForwardedFrame): void {
    switch (frame.type) {
      case "new_message":
        if (this.#session.isCatchingUp) this.#stored(frame.payload);
        break;
      case "user_typing":
        this.#typists.saw(frame.payload);
        break;
      case "user_left":
        this.#typists.saw({ ...frame.payload, typing: false });
        break;
      case "messages_read":
        if (frame.payload.userId === this.#session.view.joined?.userId) {
          this.reads.confirm(frame.payload.upTo);
        }
        break;
    }
    this.#tell(frame);
  }

  caughtUp(): void {}

  interrupted(): void {
    this.typing.forget();
    this.reads.suspend();
  }

  closed(): void {
    this.#typists.stop();
  }

  tellStatus(change: StatusChange): void {
    this.events.emit("status", change);
    if (change.status === "closed") this.events.clear();
  }

  tellReset(reset: Reset): void {
    this.events.emit("reset", reset);
  }

  tellPending(frames: readonly PendingFrame[]): void {
    this.events.emit("pending", frames);
  }

  #stored({ userId, messageId, seq }: Message): void {
    if (this.#selves.has(userId)) this.#session.outbox.settle(messageId, seq, true);
  }

  #stoppedTyping(user: User): void {
    const timestamp = iso(this.#environment.now());
    this.#tell({ type: "user_typing", timestamp, payload: { ...user, typing: false } });
  }

  #tell<T extends ForwardedType>(frame: ServerFrameOf<T>): void {
    // The compiler loses track that a frame's type and payload belong together.
    const args = [frame.payload, frame] as unknown as RoomEvents[T];
    this.events.emit(frame.type as T, ...args);
  }
}
