import type { Message, User } from "../protocol/message.ts";
import type { JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Environment } from "./environment.ts";
import {
  type Messages,
  withEdit,
  withMessage,
  withoutMessage,
  withReaction,
} from "./message-list.ts";
import { ReadMarker } from "./read-marker.ts";
import type { ForwardedType, Reset, RoomEvents } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";
import { TypingSignal } from "./typing-signal.ts";
import { TypingWatch } from "./typing-watch.ts";

/** What only a chat does: who types, who has read what, and messages that prove themselves stored. */
export class Chat implements ClientKind {
  readonly losesByGaps = true;
  readonly typing: TypingSignal;
  readonly reads: ReadMarker;
  readonly #environment: Environment;
  readonly #session: RoomSession<Chat, RoomEvents>;
  readonly #typists: TypingWatch;
  #messages: Messages = [];
  /** Who this user has been here: a guest's new token is another id's. */
  readonly #selves = new Set<string>();

  constructor(environment: Environment, session: RoomSession<Chat, RoomEvents>) {
    this.#environment = environment;
    this.#session = session;
    this.typing = new TypingSignal(environment, (type) => session.uplink.say({ type }));
    this.#typists = new TypingWatch(environment, (user) => this.#stoppedTyping(user));
    this.reads = new ReadMarker(environment, (upTo) =>
      session.uplink.say({ type: "read_messages", payload: { upTo } }),
    );
  }

  /** The newest messages that are known, oldest first. */
  get messages(): Messages {
    return this.#messages;
  }

  snapshot(joined: JoinedRoom): JoinedRoom {
    return { ...joined, history: this.#messages };
  }

  greeted({ userId, history, recovered }: JoinedRoom, reset: Reset | undefined): void {
    this.#selves.add(userId);
    if (!recovered) this.#messages = history;
    if (reset?.reason === "epoch") this.reads.reset();
    this.reads.confirm(this.#session.view.readOf(userId));
    this.reads.open();
    for (const message of history) this.#stored(message);
  }

  heard(frame: ForwardedFrame): void {
    switch (frame.type) {
      case "new_message":
        this.#messages = withMessage(this.#messages, frame.payload);
        if (this.#session.isCatchingUp) this.#stored(frame.payload);
        break;
      case "message_edited":
        this.#messages = withEdit(this.#messages, frame.payload);
        break;
      case "message_deleted":
        this.#messages = withoutMessage(this.#messages, frame.payload.seq);
        break;
      case "message_reacted":
        this.#messages = withReaction(this.#messages, frame.payload);
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

  interrupted(): void {
    this.typing.forget();
    this.reads.suspend();
  }

  closed(): void {
    this.#typists.stop();
  }

  #stored({ userId, messageId, seq }: Message): void {
    if (this.#selves.has(userId)) this.#session.outbox.settle(messageId, seq, true);
  }

  #stoppedTyping(user: User): void {
    const timestamp = new Date(this.#environment.now()).toISOString();
    this.#tell({ type: "user_typing", timestamp, payload: { ...user, typing: false } });
  }

  #tell<T extends ForwardedType>(frame: ServerFrameOf<T>): void {
    // The compiler loses track that a frame's type and payload belong together.
    const args = [frame.payload, frame] as unknown as RoomEvents[T];
    this.#session.audience.emit(frame.type as T, ...args);
  }
}
