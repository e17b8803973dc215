import { refusal } from "../protocol/error.ts";
import type { Message, User } from "../protocol/message.ts";
import type { JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { Address } from "./address.ts";
import { Connection } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import type { Cancel, Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { ClientWire, JoinedFrame, LaterFrame } from "./frame-reader.ts";
import { Outbox } from "./outbox.ts";
import { Pacer } from "./pacer.ts";
import { ReadMarker } from "./read-marker.ts";
import type { ForwardedType, Reset, RoomEvents, StatusChange } from "./room-event.ts";
import { RoomView } from "./room-view.ts";
import type { TokenSource } from "./token-source.ts";
import type { Encoded, Transport } from "./transport.ts";
import { TypingSignal } from "./typing-signal.ts";
import { TypingWatch } from "./typing-watch.ts";
import { Uplink } from "./uplink.ts";

/** What a room needs of its client. */
export interface SessionOptions {
  readonly id: string;
  readonly history: number | undefined;
  readonly address: Address;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly environment: Environment;
  readonly wire: ClientWire;
  readonly ackTimeoutMs: number;
  readonly sendTries: number;
  readonly reconnectTries: number;
  /** The room is closed for good. */
  readonly closed: () => void;
}

/** One room's parts, wired together: what comes in goes to the parts first, then to the listeners. */
export class RoomSession {
  readonly events: Emitter<RoomEvents>;
  readonly view = new RoomView();
  readonly uplink: Uplink;
  readonly outbox: Outbox;
  readonly typing: TypingSignal;
  readonly reads: ReadMarker;
  readonly connection: Connection;
  readonly #options: SessionOptions;
  readonly #pacer: Pacer;
  readonly #typists: TypingWatch;
  /** Who this user has been here: a guest's new token is another id's. */
  readonly #selves = new Set<string>();
  /** Set while events that were missed are awaited, with how to stop waiting. */
  #catchingUp: Cancel | undefined;

  constructor(options: SessionOptions) {
    const { environment } = options;
    this.#options = options;
    this.events = new Emitter((error) => environment.report(error));
    this.#pacer = new Pacer(() => environment.now());
    const transmit = (encoded: Encoded) => this.connection.send(encoded);
    this.uplink = new Uplink(options.wire, this.#pacer, transmit);
    this.outbox = new Outbox({
      ...options,
      pacer: this.#pacer,
      transmit,
      changed: () => this.events.emit("pending", this.outbox.pending),
    });
    this.typing = new TypingSignal(environment, (type) => this.uplink.say({ type }));
    this.#typists = new TypingWatch(environment, (user) => this.#stoppedTyping(user));
    this.reads = new ReadMarker(environment, (upTo) =>
      this.uplink.say({ type: "read_messages", payload: { upTo } }),
    );
    this.connection = new Connection({
      ...options,
      visit: () => ({ room: options.id, cursor: this.view.cursor, history: options.history }),
      opened: (frame) => this.#opened(frame),
      received: (frame) => this.#received(frame),
      changed: (change) => this.#interrupted(change),
      refreshToken: (token) => this.uplink.insist({ type: "refresh_token", payload: { token } }),
      leave: () => this.uplink.insist({ type: "leave_room" }),
    });
  }

  #opened(frame: JoinedFrame): void {
    const reset = this.view.join(frame.payload);
    this.#selves.add(frame.payload.userId);
    this.#resume(frame.payload, reset);
    // Whoever listens for what is pending may have left meanwhile.
    if (this.connection.status === "closed") return;
    this.events.emit("status", { status: "open" });
    if (reset !== undefined) this.events.emit("reset", reset);
    this.#forward(frame);
  }

  #resume({ history, limits, userId }: JoinedRoom, reset: Reset | undefined): void {
    this.#pacer.fill(limits.framesPerSecond);
    this.uplink.open(limits.frameBytes);
    if (reset?.reason === "epoch") this.reads.reset();
    this.reads.confirm(this.view.readOf(userId));
    this.reads.open();
    // What was missed may show that a frame was stored whose acknowledgement was lost, perhaps
    // longer ago than the server remembers messageIds: so it is read before anything is sent again.
    this.#catchingUp = this.#options.environment.after(this.#options.ackTimeoutMs, () =>
      this.#caughtUp(),
    );
    if (reset?.reason === "epoch") this.outbox.voidSeqs();
    for (const message of history) this.#stored(message);
    if (!this.view.isCatchingUp) this.#caughtUp();
  }

  #caughtUp(): void {
    this.#catchingUp?.();
    this.#catchingUp = undefined;
    this.outbox.open(this.view.joined?.limits.frameBytes ?? Number.POSITIVE_INFINITY);
  }

  #received(frame: LaterFrame): void {
    switch (frame.type) {
      case "malformed":
        this.#malformed();
        break;
      case "ack":
        this.outbox.answer(frame.messageId ?? "", frame.payload);
        break;
      case "pong":
        break;
      case "unknown":
        if (frame.seq !== undefined) this.view.admit(frame.seq);
        break;
      default:
        if (frame.seq === undefined || this.view.admit(frame.seq)) this.#learn(frame);
    }
    if (this.#catchingUp !== undefined && !this.view.isCatchingUp) this.#caughtUp();
  }

  #learn(frame: ServerFrameOf<Exclude<ForwardedType, "joined_room">>): void {
    this.view.learn(frame);
    switch (frame.type) {
      case "new_message":
        if (this.#catchingUp !== undefined) this.#stored(frame.payload);
        break;
      case "user_typing":
        this.#typists.saw(frame.payload);
        break;
      case "user_left":
        this.#typists.saw({ ...frame.payload, typing: false });
        break;
      case "messages_read":
        if (frame.payload.userId === this.view.joined?.userId) {
          this.reads.confirm(frame.payload.upTo);
        }
        break;
    }
    this.#forward(frame);
  }

  #stored({ userId, messageId, seq }: Message): void {
    if (this.#selves.has(userId)) this.outbox.settle(messageId, seq, true);
  }

  #interrupted(change: StatusChange): void {
    this.#catchingUp?.();
    this.#catchingUp = undefined;
    this.uplink.suspend();
    this.outbox.suspend();
    this.typing.forget();
    this.reads.suspend();
    if (change.status === "closed") this.#closed(change);
    this.events.emit("status", change);
    if (change.status === "closed") this.events.clear();
  }

  #closed({ reason }: StatusChange): void {
    this.#typists.stop();
    this.#options.closed();
    const why = reason === undefined ? "It was left." : reason.message;
    this.outbox.close(RealtimeError.local("disconnected", `The room is closed. ${why}`));
  }

  #stoppedTyping(user: User): void {
    const payload = { ...user, typing: false };
    this.#forward({ type: "user_typing", timestamp: this.#timestamp(), payload });
  }

  #malformed(): void {
    const payload = refusal("invalid_frame", "The server sent what is not a frame.");
    this.#forward({ type: "error", timestamp: this.#timestamp(), payload });
  }

  #timestamp(): string {
    return new Date(this.#options.environment.now()).toISOString();
  }

  #forward<T extends ForwardedType>(frame: ServerFrameOf<T>): void {
    // The compiler loses track that a frame's type and payload belong together.
    const args = [frame.payload, frame] as unknown as RoomEvents[T];
    this.events.emit(frame.type as T, ...args);
  }
}
