import type { DurableFrame } from "../protocol/client-frame.ts";
import type { Permission } from "../protocol/grant.ts";
import type { Json } from "../protocol/json.ts";
import type { User } from "../protocol/message.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import type { PageQuery } from "./address.ts";
import { Chat } from "./chat.ts";
import type { Listener } from "./emitter.ts";
import { EnteredRoom } from "./entered-room.ts";
import { RealtimeError } from "./error.ts";
import type { Receipt } from "./outbox-entry.ts";
import { fetchPage, isMessagePage } from "./page.ts";
import type { PendingFrame, RoomEvents } from "./room-event.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";
import { claimedPermissions } from "./token-claims.ts";
import type { PublishOptions } from "./uplink.ts";

/** What may go with a message. */
export interface SendOptions {
  /** `seq` of the message this one answers. */
  readonly replyTo?: number | undefined;
  /** User ids, at most 20. */
  readonly mentions?: readonly string[] | undefined;
  /** Whatever the application wants beside the text, at most 4 KiB of JSON. */
  readonly data?: Json | undefined;
  /** The idempotency key; a random UUID when absent. */
  readonly messageId?: string | undefined;
}

/**
 * A room as one user sees it. What is sent goes out in order, survives reconnects, and is stored
 * once. Made by `client.room(id)`; closed for good by {@link leave}, by a refusal, or after too many
 * tries to reconnect.
 */
export class Room extends EnteredRoom {
  /** The room's name. */
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #session: RoomSession<Chat>;

  /** For the client: applications call `client.room(id)`. Starts connecting. */
  constructor(id: string, options: SessionOptions) {
    const session = new RoomSession(options, (parts) => new Chat(options.environment, parts));
    super(session);
    this.id = id;
    this.#options = options;
    this.#session = session;
  }

  /** Who is here, as of the last that was heard. */
  get users(): readonly User[] {
    return this.#session.view.users;
  }

  /** How far each person has read: a `seq` by user id. */
  get reads(): Readonly<Record<string, number>> {
    return this.#session.view.reads;
  }

  /**
   * What the token says its bearer may do here; empty before there is a token. Good for offering
   * what will be allowed; the server decides.
   */
  get permissions(): readonly Permission[] {
    const { last } = this.#options.tokens;
    return last === undefined ? [] : claimedPermissions(last, this.id);
  }

  /** What was sent and is not acknowledged yet, in order. */
  get pending(): readonly PendingFrame[] {
    return this.#session.outbox.pending;
  }

  /** Listens to one type of event; the function returned stops it. See {@link RoomEvents}. */
  on<T extends keyof RoomEvents>(type: T, listener: Listener<RoomEvents[T]>): () => void {
    return this.#session.kind.events.on(type, listener);
  }

  /**
   * Sends a message, now or as soon as there is a connection. Resolves when it is stored.
   *
   * @throws {RealtimeError} (as a rejection) the server's refusal; `timeout` when it stays
   * unanswered; `disconnected` when the room is closed; `outbox_full`; `reset` when the log began
   * anew and what it names is gone; `invalid_frame` for what JSON cannot carry.
   */
  send(content: string, options: SendOptions = {}): Promise<Receipt> {
    this.#session.kind.typing.forget();
    const { replyTo, mentions, data, messageId } = options;
    return this.#store({
      type: "send_message",
      messageId: messageId ?? this.#newId(),
      payload: {
        content,
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(mentions === undefined ? {} : { mentions }),
        ...(data === undefined ? {} : { data }),
      },
    });
  }

  /** Replaces a message's content. Resolves and rejects as {@link send} does. */
  edit(seq: number, content: string): Promise<Receipt> {
    const payload = { seq, content };
    return this.#store({ type: "edit_message", messageId: this.#newId(), payload });
  }

  /** Deletes a message. Resolves and rejects as {@link send} does. */
  delete(seq: number): Promise<Receipt> {
    return this.#store({ type: "delete_message", messageId: this.#newId(), payload: { seq } });
  }

  /** Adds a reaction to a message, or takes it off. Resolves and rejects as {@link send} does. */
  react(seq: number, emoji: string, options: { readonly remove?: boolean } = {}): Promise<Receipt> {
    const payload = { seq, emoji, ...(options.remove === true ? { remove: true } : {}) };
    return this.#store({ type: "react", messageId: this.#newId(), payload });
  }

  /**
   * Call it on each keypress: others see it until five seconds after the last one, or a message.
   * Over a transport other than WebSocket nobody is told: the contract has no request for it.
   */
  typing(active = true): void {
    if (active) this.#session.kind.typing.press();
    else this.#session.kind.typing.end();
  }

  /**
   * This user has read up to this `seq`. Only ever moves up, and goes out at most once a second.
   *
   * @throws {RealtimeError} `invalid_request` when it is no `seq`.
   */
  read(upTo: number): void {
    if (!Number.isSafeInteger(upTo) || upTo < 0) {
      throw RealtimeError.invalid("invalid_request", "A receipt is a whole number, from 0.");
    }
    this.#session.kind.reads.mark(upTo);
  }

  /**
   * Tells who is connected now. Not stored, not repeated. `false` when it was not handed to an open
   * connection, or the server's frame quota is used up.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry, `too_large` for what is
   * longer than the server takes.
   */
  publish(event: string, data: Json, options: PublishOptions = {}): boolean {
    return this.#session.uplink.publish(event, data, options);
  }

  /**
   * A page of the room's history, over HTTP.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable`, or `timeout`.
   */
  history(query: PageQuery = {}): Promise<MessagePage> {
    const { environment, tokens, address } = this.#options;
    const url = address.messages(this.id, query);
    return fetchPage(environment, tokens, () => url, isMessagePage);
  }

  #newId(): string {
    return this.#options.environment.randomUUID();
  }

  async #store(frame: DurableFrame): Promise<Receipt> {
    return this.#session.outbox.add(frame, this.#session.uplink.encode(frame));
  }
}
