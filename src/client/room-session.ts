import type { ServerFrameOf } from "../protocol/server-frame.ts";
import type { Address, Wants } from "./address.ts";
import { Audience } from "./audience.ts";
import type { AnyEvents, ClientKind } from "./client-kind.ts";
import { Connection } from "./connection.ts";
import type { EventMap } from "./emitter.ts";
import type { Cancel, Environment } from "./environment.ts";
import type { JoinedFrame, LastFrame, LaterFrame } from "./frame-reader.ts";
import { Outbox } from "./outbox.ts";
import { isOwnEcho } from "./own-echo.ts";
import { Pacer } from "./pacer.ts";
import { Resync } from "./resync.ts";
import type { ForwardedType, Reset, RoomStatus, StatusChange } from "./room-event.ts";
import { RoomView } from "./room-view.ts";
import type { TokenSource } from "./token-source.ts";
import type { TransportTraits, Way } from "./transport.ts";
import { Uplink } from "./uplink.ts";

/** What a room needs of its client. */
export interface SessionOptions {
  /** The room's name, by the token that it is entered with. */
  readonly name: (token: string) => string;
  readonly wants: Wants;
  /** Of a team's own kind: what it is entered by, as `<version>.<hash>`. */
  readonly contract?: string;
  readonly address: Address;
  readonly transport: Way;
  /** How long that may take, in milliseconds, until the first frame comes in. */
  readonly openingMs: number;
  readonly tokens: TokenSource;
  readonly environment: Environment;
  readonly ackTimeoutMs: number;
  readonly reconnectTries: number;
  /** The room is closed for good. */
  readonly closed: () => void;
}

/**
 * What all kinds of room share, wired together: the connection, the place in the log, and what is to
 * be sent. What comes in goes to these parts first, and then to the room's kind.
 */
export class RoomSession<
  Kind extends ClientKind | undefined = ClientKind | undefined,
  Events extends EventMap<Events> = AnyEvents,
> {
  /** Everyone who holds the room. */
  readonly audience = new Audience<Events>();
  readonly view = new RoomView();
  readonly uplink: Uplink;
  readonly outbox: Outbox;
  readonly connection: Connection;
  readonly options: SessionOptions;
  readonly #pacer: Pacer;
  readonly #resync: Resync;
  readonly #late: ((session: RoomSession<Kind, Events>) => Promise<NonNullable<Kind>>) | undefined;
  #kind: Kind;
  /** What is to be done with the kind once it is there. */
  #wanted: ((kind: NonNullable<Kind>) => void)[] = [];
  #holders = 0;
  #window = 1;
  /** As the application was told it last. */
  #status: RoomStatus = "connecting";
  /** Set while events that were missed are awaited, with how to stop waiting. */
  #catchingUp: Cancel | undefined;

  /**
   * Starts connecting. `kindOf` makes the room's kind, around parts that are not connected yet; or
   * none so far: then nothing may come in before {@link load}, by which `late` makes it.
   */
  constructor(
    options: SessionOptions,
    kindOf: (session: RoomSession<Kind, Events>) => Kind,
    late?: (session: RoomSession<Kind, Events>) => Promise<NonNullable<Kind>>,
  ) {
    const { environment } = options;
    this.options = options;
    this.#late = late;
    this.#pacer = new Pacer(() => environment.now());
    this.#resync = new Resync(environment);
    this.uplink = new Uplink(environment, this.#pacer, (frame, frameBytes) => {
      const sending = this.connection.send(frame, frameBytes);
      if (sending === "sent" && frame.type === "publish") this.#kind?.published?.(frame.payload);
      return sending;
    });
    this.outbox = new Outbox({
      ...options,
      pacer: this.#pacer,
      head: () => this.view.cursor?.seq ?? 0,
      transmit: (frame) => this.uplink.transmit(frame),
      overdue: () => this.connection.probe(),
      away: () => this.connection.reason,
      changed: () => this.#tell("pending", this.outbox.pending),
    });
    this.#kind = kindOf(this);
    this.connection = new Connection({
      ...options,
      visit: (token) => ({
        room: options.name(token),
        cursor: this.view.cursor,
        wants: options.wants,
      }),
      opened: (frame, traits) => this.#opened(frame, traits),
      received: (frame) => this.#received(frame),
      changed: (change) => this.#interrupted(change),
      refreshToken: (token) => this.uplink.insist({ type: "refresh_token", payload: { token } }),
      leave: () => this.uplink.insist({ type: "leave_room" }),
    });
  }

  get kind(): Kind {
    return this.#kind;
  }

  /** The kind, whose code comes after all the rest. Rejects when that cannot be had. */
  async load(): Promise<NonNullable<Kind>> {
    const made = this.#kind ?? (await this.#late?.(this));
    // Meanwhile it may have been made for somebody else who asked.
    const kind = this.#kind ?? made;
    if (kind === undefined) throw new Error();
    this.#kind = kind;
    for (const run of this.#wanted.splice(0)) run(kind);
    return kind;
  }

  /** Does something with the kind, now or once it is there. */
  withKind(run: (kind: NonNullable<Kind>) => void): void {
    if (this.#kind === undefined) this.#wanted.push(run);
    else run(this.#kind);
  }

  /** One more handle holds it. */
  enter(): void {
    this.#holders += 1;
  }

  /**
   * One less: its connection lasts until the last one leaves. Resolves when that is closed, or at
   * once while others hold it. Whoever leaves and enters in one go, as React does in its strict mode,
   * keeps the connection.
   */
  async leave(): Promise<void> {
    this.#holders -= 1;
    await Promise.resolve();
    if (this.#holders === 0) await this.close();
  }

  /** Ends it for everyone. Resolves when the connection is closed. */
  close(): Promise<void> {
    return this.connection.close();
  }

  /** Whether events that were missed are still to come. */
  get isCatchingUp(): boolean {
    return this.#catchingUp !== undefined;
  }

  #opened(frame: JoinedFrame, { name, window }: TransportTraits): void {
    const isNew = this.#status !== "open";
    this.#status = "open";
    const reset = this.view.join(frame.payload);
    const joined = { ...frame, payload: { ...frame.payload, reads: this.view.reads } };
    this.#window = window;
    if (isNew) this.#pacer.fill(frame.payload.limits);
    this.#resume(joined, reset);
    // Whoever listens for what is pending may have left meanwhile.
    if (this.connection.status === "closed") return;
    if (isNew) this.#tell("status", { status: "open", transport: name });
    if (reset?.reason === "epoch" || (reset !== undefined && this.#kind?.losesByGaps === true)) {
      this.#tell("reset", reset);
    }
    this.#kind?.heard(joined);
  }

  #resume({ payload }: JoinedFrame, reset: Reset | undefined): void {
    this.uplink.open(payload.limits.frameBytes);
    // What was missed may show that a frame was stored whose acknowledgement was lost, perhaps
    // longer ago than the server remembers messageIds: so it is read before anything is sent again.
    this.#catchingUp?.();
    this.#catchingUp = this.options.environment.after(this.options.ackTimeoutMs, () =>
      this.#caughtUp(),
    );
    if (reset?.reason === "epoch") this.outbox.voidSeqs();
    this.#kind?.greeted(payload, reset);
    if (!this.view.isCatchingUp) this.#caughtUp();
  }

  #caughtUp(): void {
    this.#catchingUp?.();
    this.#catchingUp = undefined;
    const frameBytes = this.view.joined?.limits.frameBytes ?? Number.POSITIVE_INFINITY;
    this.outbox.open(frameBytes, this.#window);
    this.uplink.resume();
    this.#kind?.caughtUp?.();
  }

  #received(frame: LaterFrame): void {
    switch (frame.type) {
      case "malformed":
        this.#malformed();
        break;
      case "ack":
        this.outbox.answer(frame.messageId ?? "", frame.payload);
        this.#kind?.answered?.(frame.messageId, frame.payload);
        break;
      case "pong":
      case "mark":
        break;
      case "unknown":
        this.#admit(frame.seq);
        break;
      default:
        if (isOwnEcho(frame, this.view.joined)) this.uplink.echoed(frame);
        else if (frame.seq === undefined || this.#admit(frame.seq)) this.#learn(frame);
    }
    if (this.isCatchingUp && !this.view.isCatchingUp) this.#caughtUp();
  }

  /** Whether an event of the log is new and in its place; what comes too early comes again. */
  #admit(seq: number | undefined): boolean {
    if (seq === undefined) return false;
    const { cursor } = this.view;
    const expected = (cursor?.seq ?? 0) + 1;
    const message = `Event ${seq} came where ${expected} was expected.`;
    if (cursor !== undefined && seq > expected && this.#comeBack(message)) return false;
    return this.view.admit(seq);
  }

  /** Something is missing: comes back for it with the cursor, unless that was tried often enough. */
  #comeBack(message: string): boolean {
    const delayMs = this.#resync.delayMs(this.view.cursor?.seq ?? 0);
    if (delayMs !== undefined)
      this.connection.comeBack({ code: "invalid_frame", message }, delayMs);
    return delayMs !== undefined;
  }

  #learn(frame: ServerFrameOf<Exclude<ForwardedType, "joined_room">> | LastFrame): void {
    this.view.learn(frame);
    if (frame.type === "error" && frame.payload.code === "rate_limited") {
      this.uplink.refused(frame.payload.retryAfterMs);
    }
    this.#kind?.heard(frame);
  }

  #interrupted(change: StatusChange): void {
    this.#status = change.status;
    this.#catchingUp?.();
    this.#catchingUp = undefined;
    this.uplink.suspend();
    this.outbox.suspend();
    this.#kind?.interrupted?.();
    if (change.status === "closed") this.#closed(change);
    this.#tell("status", change);
    if (change.status === "closed") this.audience.clear();
  }

  #closed({ reason }: StatusChange): void {
    this.#kind?.closed?.();
    this.uplink.close();
    this.options.closed();
    const why = reason === undefined ? "It was left." : reason.message;
    this.outbox.close(`The room is closed. ${why}`, reason);
  }

  #malformed(): void {
    const timestamp = new Date(this.options.environment.now()).toISOString();
    const message = "The server sent what is not a frame.";
    const payload = { code: "invalid_frame", message, retryable: false } as const;
    this.#kind?.heard({ type: "error", timestamp, payload });
    if (this.connection.status === "open") this.#comeBack(message);
  }

  #tell<T extends keyof AnyEvents>(type: T, ...args: AnyEvents[T]): void {
    const audience: unknown = this.audience;
    // Every kind of room has these events, or nobody who could listen to them.
    (audience as Audience<AnyEvents>).emit(type, ...args);
  }
}
