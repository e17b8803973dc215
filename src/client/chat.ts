import type { Message, User } from "../protocol/message.ts";
import type { JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { Attention } from "./attention.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Environment } from "./environment.ts";
import { Late } from "./late.ts";
import {
  type Messages,
  withEdit,
  withMessage,
  withoutMessage,
  withReaction,
} from "./message-list.ts";
import type { ForwardedType, Reset, RoomEvents } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";

/** What only a chat does: who types, who has read what, and messages that prove themselves stored. */
export class Chat implements ClientKind {
  readonly losesByGaps = true;
  readonly #attention: Late<Attention>;
  /** Whether a key was pressed since the last message. */
  #isTyping = false;
  readonly #environment: Environment;
  readonly #session: RoomSession<Chat, RoomEvents>;
  #messages: Messages = [];
  /** Who this user has been here: a guest's new token is another id's. */
  readonly #selves = new Set<string>();

  constructor(environment: Environment, session: RoomSession<Chat, RoomEvents>) {
    this.#environment = environment;
    this.#session = session;
    this.#attention = new Late(environment, async () => {
      const { Attention } = await import("./attention.ts");
      const made = new Attention(session, (user) => this.#stoppedTyping(user));
      if (session.connection.status === "open") made.receipts.open();
      return made;
    });
  }

  /** The newest messages that are known, oldest first. */
  get messages(): Messages {
    return this.#messages;
  }

  /** A key was pressed, or typing is over. */
  type(active: boolean): void {
    if (active) this.#isTyping = true;
    this.#attention.use(({ typing }) => {
      if (!active) typing.end();
      else if (this.#isTyping) typing.press();
    });
  }

  /** A message goes out, so that the others know that typing is over. */
  typed(): void {
    this.#isTyping = false;
    this.#attention.made?.typing.forget();
  }

  /** This user has read up to this `seq`. */
  read(upTo: number): void {
    this.#attention.use(({ receipts }) => receipts.mark(upTo));
  }

  snapshot(joined: JoinedRoom): JoinedRoom {
    return { ...joined, history: this.#messages };
  }

  greeted({ userId, history, recovered }: JoinedRoom, reset: Reset | undefined): void {
    this.#selves.add(userId);
    if (!recovered) this.#messages = history;
    this.#attention.made?.receipts.open(reset);
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
        this.#attention.use(({ typists }) => typists.saw(frame.payload));
        break;
      case "user_left":
        this.#attention.follow(({ typists }) => typists.saw({ ...frame.payload, typing: false }));
        break;
      case "messages_read":
        this.#attention.made?.receipts.confirm();
        break;
    }
    this.#tell(frame);
  }

  interrupted(): void {
    this.#attention.made?.typing.forget();
    this.#attention.made?.receipts.suspend();
  }

  closed(): void {
    this.#attention.made?.typists.stop();
    this.#attention.drop();
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
